"""The code blocks of Markdown files, and what comments before them say of running them.

A comment stands in the lines directly before a block:

    <!-- not run: REASON -->     the block is listed, and not run
    <!-- ends with: STATUS -->   the status of the block, 0 by default
    <!-- in an empty directory -->
    <!-- write: PATH -->         the block is the content of this file (no shell)
    <!-- append: PATH -->        the block is added to this file (no shell)
    <!-- part of: PATH -->       each line of the block is a line of this file of the repository, in order
    <!-- continues -->           the block goes on where the section before has ended

The blocks of one section run one after the other in one directory.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^(\s*)```(\w*)\s*$")
_COMMENT = re.compile(r"^\s*<!-- (.*) -->\s*$")
_HEADING = re.compile(r"^#+ ")


@dataclass
class Block:
    """A code block: where it stands, its language, its text and its comments."""

    page: Path
    line: int
    language: str
    text: str
    notes: dict = field(default_factory=dict)

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def commands(self):
        """The command lines, without comments; a continued line is one."""
        joined = re.sub(r"\\\n\s*", "", self.text)
        return [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _note(text):
    key, _, value = text.partition(": ")
    return key, value


def read(page: Path):
    """The blocks of each section: a list of lists. A section that continues another is part of it."""
    sections, section, notes, lines = [], [], {}, page.read_text().splitlines()
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if _HEADING.match(line):
            section = []
        elif match := _COMMENT.match(line):
            notes.update([_note(match[1])])
            continue
        elif match := _FENCE.match(line):
            indent, start = len(match[1]), index
            while not re.match(r"^\s*```\s*$", lines[index]):
                index += 1
            text = "".join(row[indent:] + "\n" for row in lines[start:index])
            block = Block(page, start, match[2], text, notes)
            index += 1
            if "continues" in notes and sections:
                section = sections[-1]
            if not section:
                sections.append(section)
            section.append(block)
        if line.strip():
            notes = {}
    return sections
