#include "pkg/cli/graph_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "pkg/cli/table.h"
#include "pkg/cli/xml.h"

namespace coreflow::cli {

namespace {

constexpr int kNodeHeight = 34;
constexpr int kRowGap = 14;
constexpr int kColumnGap = 60;
constexpr int kMargin = 20;
constexpr int kLetter = 8;  // width of one

std::string_view ColourOf(const GraphNode& node) {
  if (node.state == "Succeeded") return "#c8e6c9";
  if (node.state == "Failed") return "#ffcdd2";
  if (node.state == "Running" || node.state == "Retrying") return "#bbdefb";
  if (node.state == "Skipped" || node.state == "Omitted" || node.state == "Stopped") return "#e0e0e0";
  return "#ffffff";
}

// The name, and the state as a word: colour alone says nothing to many.
std::string LabelOf(const GraphNode& node) {
  std::string label = node.name + (node.has_items ? " []" : "");
  return node.state.empty() ? label : label + ": " + node.state;
}

struct Box {
  int column = 0;
  int row = 0;
  int x = 0;
  int y = 0;
  int width = 0;
};

// Columns by the longest path to the node, rows in the order of the nodes; those of finally after all others.
std::vector<Box> Layout(const std::vector<GraphNode>& nodes) {
  std::vector<Box> boxes(nodes.size());
  int last = -1;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (size_t parent : nodes[i].parents) {
      if (parent < nodes.size()) boxes[i].column = std::max(boxes[i].column, boxes[parent].column + 1);
    }
    if (!nodes[i].in_finally) last = std::max(last, boxes[i].column);
  }
  // Parents may stand behind their children in the list, so more than one round may be needed, but never more than
  // there are nodes.
  for (size_t round = 0; round < nodes.size(); ++round) {
    bool moved = false;
    for (size_t i = 0; i < nodes.size(); ++i) {
      int column = nodes[i].in_finally ? last + 1 : 0;
      for (size_t parent : nodes[i].parents) {
        if (parent < nodes.size()) column = std::max(column, boxes[parent].column + 1);
      }
      moved = moved || column != boxes[i].column;
      boxes[i].column = column;
      if (!nodes[i].in_finally) last = std::max(last, column);
    }
    if (!moved) break;
  }
  std::vector<int> rows;
  std::vector<int> widths;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const auto column = static_cast<size_t>(boxes[i].column);
    if (rows.size() <= column) rows.resize(column + 1), widths.resize(column + 1);
    boxes[i].row = rows[column]++;
    boxes[i].width = static_cast<int>(Columns(LabelOf(nodes[i]))) * kLetter + 20;
    widths[column] = std::max(widths[column], boxes[i].width);
  }
  for (Box& box : boxes) {
    box.x = kMargin;
    for (int column = 0; column < box.column; ++column) box.x += widths[static_cast<size_t>(column)] + kColumnGap;
    box.y = kMargin + box.row * (kNodeHeight + kRowGap);
    box.width = widths[static_cast<size_t>(box.column)];
  }
  return boxes;
}

}  // namespace

std::string GraphAsDot(const std::string& name, const std::vector<GraphNode>& nodes) {
  std::string text =
      fmt::format("digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\"];\n", name);
  for (const GraphNode& node : nodes) {
    text += fmt::format("  \"{}\" [label=\"{}\", fillcolor=\"{}\"];\n", node.name, LabelOf(node), ColourOf(node));
  }
  for (const GraphNode& node : nodes) {
    for (size_t parent : node.parents) text += fmt::format("  \"{}\" -> \"{}\";\n", nodes[parent].name, node.name);
  }
  return text + "}\n";
}

std::string GraphAsMermaid(const std::vector<GraphNode>& nodes) {
  std::string text = "flowchart LR\n";
  for (size_t i = 0; i < nodes.size(); ++i) {
    text += fmt::format("  n{}[\"{}\"]\n", i, LabelOf(nodes[i]));
    if (!nodes[i].state.empty()) text += fmt::format("  style n{} fill:{}\n", i, ColourOf(nodes[i]));
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (size_t parent : nodes[i].parents) text += fmt::format("  n{} --> n{}\n", parent, i);
  }
  return text;
}

std::string GraphAsSvg(const std::string& name, const std::vector<GraphNode>& nodes) {
  const std::vector<Box> boxes = Layout(nodes);
  int width = 0;
  int height = 0;
  for (const Box& box : boxes) {
    width = std::max(width, box.x + box.width + kMargin);
    height = std::max(height, box.y + kNodeHeight + kMargin);
  }
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n  <title>{2}</title>\n",
      width, height, EscapeXml(name));
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (size_t parent : nodes[i].parents) {
      const Box& from = boxes[parent];
      const Box& to = boxes[i];
      const int x = from.x + from.width;
      const int y = from.y + kNodeHeight / 2;
      const int end = to.y + kNodeHeight / 2;
      text += fmt::format("  <path d=\"M{} {} C{} {} {} {} {} {}\" fill=\"none\" stroke=\"#777\"/>\n", x, y,
                          x + kColumnGap / 2, y, to.x - kColumnGap / 2, end, to.x, end);
    }
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    text += fmt::format(
        "  <rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"{}\" stroke=\"#555\"/>\n"
        "  <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
        boxes[i].x, boxes[i].y, boxes[i].width, kNodeHeight, ColourOf(nodes[i]), boxes[i].x + boxes[i].width / 2,
        boxes[i].y + 22, EscapeXml(LabelOf(nodes[i])));
  }
  return text + "</svg>\n";
}

}  // namespace coreflow::cli
