"""What the documentation tells to type."""
import os
import re
import textwrap

from harness import paths


def commands(page, mark):
    """The commands of a page below a mark, `<!-- mark -->`, that its readers do not see."""
    with open(os.path.join(paths.ROOT, page), encoding="utf-8") as text:
        return textwrap.dedent(re.search(rf"<!-- {mark} -->\n+ *```sh\n(.*?)^ *```", text.read(), re.DOTALL | re.MULTILINE)[1])
