"""Markdown as the repository has it, made into what the site's generator takes."""
import os
import posixpath
import re

FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
INLINE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(?P<image>!?)\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<target>[^)\s]+)\)")
# A list right below a paragraph: GitHub sees a list there, Python's Markdown does not.
LIST_BELOW_TEXT = re.compile(r"^(?P<text>(?![-*] |\d+\. |\s)[^\n]*\S[^\n]*\n)(?=(?:[-*]|1\.) )", re.M)


def outside_fences(text, change):
    """The text with `change` made to what stands between blocks of code."""
    out, end = [], 0
    for fence in FENCE.finditer(text):
        out += [change(text[end:fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*out, change(text[end:])])


def with_lists(text):
    return outside_fences(text, lambda part: LIST_BELOW_TEXT.sub(lambda m: f"{m['text']}\n", part))


class Links:
    """Links of the files of the repository at `root`, of which `pages` has {path in the repository: path on the site}."""

    def __init__(self, root, pages, repository):
        self.root = root
        self.pages = pages
        self.repository = repository.rstrip("/")

    def rewritten(self, source, text):
        """The text of the file `source` with links that lead somewhere on the site; code is left as it is."""
        def link(match):
            in_code = any(code.start() < match.start() < code.end() for code in INLINE.finditer(match.string))
            return match[0] if in_code else self.link(source, match)
        return outside_fences(text, lambda part: LINK.sub(link, part))

    def link(self, source, match):
        target, _, anchor = match["target"].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        page = self.pages.get(path) or self.pages.get(posixpath.join(path, "README.md"))
        if page:
            here = posixpath.dirname(self.pages[source])
            relative = posixpath.relpath(page, here or ".")
            return f"{match['image']}[{match['text']}]({relative}{'#' if anchor else ''}{anchor})"
        if not os.path.exists(os.path.join(self.root, path)):
            return match[0]  # the generator says that it leads nowhere
        return self.to_the_source(match["text"], path)

    def to_the_source(self, text, path):
        if self.repository:
            return f"[{text}]({self.repository}/{path})"
        return text if text.strip("`") == path else f"{text} (`{path}`)"
