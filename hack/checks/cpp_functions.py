"""Finds the functions of a C++ file and how long they are, well enough for formatted code."""
import re

TOKENS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^\s()\\]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b[^()=]*$|\bextern\s*$")
NAME = re.compile(r"([~\w:]+|operator\S+)\s*(<[^()]*>)?\s*\(")


def blank(text):
    """The text without comments and literals; every line stays where it was."""
    text = TOKENS.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)
    return re.sub(r"^\s*#.*?(?<!\\)$", lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.M | re.S)


def functions(text):
    """Yields (name, first line, lines of the body) of each function that stands in a namespace or class."""
    code = blank(text)
    stack = []  # for each open brace: "scope", "function" or "other", and (for a function) its name and line
    statement = 0
    for match in re.finditer(r"[{};]", code):
        at = match.start()
        if match[0] == "{":
            head = re.sub(r"^(?:public|private|protected)\s*:\s*", "", code[statement:at].strip())
            kind, name = classify(head, code[at - 1], all(kind == "scope" for kind, _, _ in stack))
            stack.append((kind, name, code.count("\n", 0, at) + 1))
        elif match[0] == "}" and stack:
            kind, name, line = stack.pop()
            if kind == "function":
                yield name, line, max(0, code.count("\n", 0, at) - line)
            if kind == "init":
                continue
        if all(kind == "scope" for kind, _, _ in stack):
            statement = at + 1


def classify(head, before, outside):
    """What a brace opens: (kind, name). `head` is the statement so far, `before` the character just before the brace."""
    named = NAME.search(head)
    if re.match(r"[\w>]", before):
        return "init", ""  # x{…}: clang-format puts a space before every other brace
    if outside and SCOPE.search(head):
        return "scope", ""
    if outside and named and "=" not in head.split("(")[0].replace("operator=", "").replace("==", ""):
        return "function", named[1]
    return "other", ""
