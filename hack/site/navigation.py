"""The navigation: patterns of mkdocs.yml become pages, so that a new page of a folder needs no line of its own."""
import fnmatch
import posixpath
import re


def named(nav):
    """Every path and pattern of a navigation."""
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav:
            yield from named(part)


def matching(pattern, pages, taken, text_of):
    """The pages of a pattern's folder: its README first, then as that links them, then by name."""
    folder = posixpath.dirname(pattern)
    found = [page for page in pages
             if posixpath.dirname(page) == folder and fnmatch.fnmatchcase(page, pattern) and page not in taken]
    readme = posixpath.join(folder, "README.md")
    linked = re.findall(r"\]\(([^)#\s]+)", text_of(readme)) if readme in pages else []
    order = {posixpath.join(folder, link): place for place, link in reversed(list(enumerate(linked)))}
    return sorted(found, key=lambda page: (page != readme, order.get(page, len(linked)), page))


def expanded(nav, pages, text_of):
    """The navigation with each pattern replaced by its pages; text_of(page) gives the text of one."""
    taken = {path for path in named(nav) if "*" not in path}

    def walk(part):
        if isinstance(part, dict):
            return {title: walk(inner) for title, inner in part.items()}
        if isinstance(part, str):
            return part
        out = []
        for inner in part:
            if isinstance(inner, str) and "*" in inner:
                out += matching(inner, pages, taken, text_of)
            else:
                out.append(walk(inner))
        return out

    return walk(nav)


def forgotten(nav, pages):
    """The pages that stand nowhere in an expanded navigation."""
    return sorted(set(pages) - set(named(nav)))
