#include "pkg/cli/object_printer.h"

#include "pkg/json/write.h"
#include "pkg/yaml/write.h"

namespace coreflow::cli {

namespace {

json::Value ListOf(const std::vector<json::Value>& objects) {
  return json::Object{{"apiVersion", "v1"},
                      {"items", json::Array(objects)},
                      {"kind", "List"},
                      {"metadata", json::Object{{"resourceVersion", ""}}}};
}

}  // namespace

Result<ObjectPrinter> ObjectPrinter::Make(const Arguments& arguments) {
  ObjectPrinter printer;
  printer.format_ = FormatOf(arguments);
  const std::string text = TemplateOf(arguments);
  const bool needs_text = printer.format_ == Format::kJsonPath || printer.format_ == Format::kCustomColumns;
  if (needs_text && text.empty()) {
    return Error{.code = Code::kInvalid, .message = "-o " + arguments.Text("output") + " needs a template after the ="};
  }
  if (printer.format_ == Format::kJsonPath) {
    TRY(printer.path_, JsonPath::Parse(text));
  }
  if (printer.format_ == Format::kCustomColumns) {
    TRY(printer.columns_, CustomColumns::Parse(text));
    printer.table_ = Table(printer.columns_->headings());
    printer.headings_ = !arguments.Has("no-headers");
  }
  return printer;
}

Result<std::string> ObjectPrinter::Rows(const std::vector<json::Value>& objects) {
  for (const json::Value& object : objects) {
    TRY(std::vector<std::string> row, columns_->Row(object));
    table_.Add(std::move(row));
  }
  return table_.Next(headings_);
}

Result<std::string> ObjectPrinter::Print(const std::vector<json::Value>& objects, bool as_list) {
  if (format_ == Format::kCustomColumns) return Rows(objects);
  std::string text;
  if (format_ == Format::kName || format_ == Format::kJsonLines) {
    for (const json::Value& object : objects) {
      text += (format_ == Format::kName ? QualifiedName(object) : json::Write(object)) + "\n";
    }
    return text;
  }
  const json::Value whole = !as_list && objects.size() == 1 ? objects.front() : ListOf(objects);
  if (format_ == Format::kJsonPath) return path_->Print(whole);
  return format_ == Format::kJson ? json::WriteIndented(whole) + "\n" : yaml::Write(whole);
}

Result<std::string> ObjectPrinter::PrintNext(const json::Value& object) {
  if (format_ == Format::kJson) return json::Write(object) + "\n";
  TRY(std::string text, Print({object}, false));
  return format_ == Format::kYaml ? "---\n" + text : text;
}

}  // namespace coreflow::cli
