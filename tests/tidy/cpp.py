"""Just enough C++ to find includes, comments and functions in formatted code; no parser."""

import dataclasses
import re

_TOKENS = re.compile(
    r"""//(?:[^\n\\]|\\.|\\\n)*              # a comment to the end of the line
      | /\*.*?\*/                            # a comment between marks
      | \bR"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"   # a raw string
      | "(?:[^"\\\n]|\\.)*"                  # a string
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)*'  # a character, but not a digit separator
    """,
    re.DOTALL | re.VERBOSE,
)


def _blank(match: re.Match) -> str:
    newlines = "\n" * match.group().count("\n")
    return newlines if match.group().lstrip().startswith(("/", "#")) else '""' + newlines


def without_comments_and_strings(text: str) -> str:
    """Comments vanish, strings become empty; every line keeps its number."""
    return _TOKENS.sub(_blank, text)


def includes(text: str) -> list[tuple[int, str]]:
    """(line, '<x>' or '"x"') of every include."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(<[^>]+>|"[^"]+")', line)
        if match:
            found.append((number, match.group(1)))
    return found


@dataclasses.dataclass
class Function:
    line: int
    lines: int
    name: str


@dataclasses.dataclass
class _Block:
    start: int  # of the text that introduces it
    function: Function | None
    is_initializer: bool


_QUALIFIERS = r"(?:\s*(?:const|noexcept|override|final|mutable|&&?|->[\w:<>,&*\s]+))*"
# The last brace is that of a member: "Name() : a_(1), b_{2} {".
_FUNCTION = re.compile(r"[)\]}]" + _QUALIFIERS + r"\s*$")
_SCOPE = re.compile(
    r"^\s*(?:template\s*<.*>\s*)?(?:inline\s+)?"
    r"(?:namespace|class|struct|union|enum|extern)\b(?!.*\)\s*(?:const|noexcept)?$)",
    re.DOTALL,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)


def _open(code: str, start: int, at: int, line: int) -> _Block:
    before = code[start:at].strip()
    is_scope = bool(_SCOPE.search(before))
    if is_scope or not _FUNCTION.search(before):
        return _Block(start, None, not is_scope)
    name = re.search(r"([~\w:]+)\s*\(", before)
    first = line - code[start:at].lstrip().count("\n")
    return _Block(start, Function(first, 0, name.group(1) if name else "block"), False)


def functions(text: str) -> list[Function]:
    """Outermost blocks that follow a parameter list: functions and test cases, lambdas at top."""
    code = _DIRECTIVE.sub(_blank, without_comments_and_strings(text))
    found: list[Function] = []
    stack: list[_Block] = []
    start = 0  # of the text that introduces the next block
    line = 1
    for at, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == "{":
            inside = any(block.function for block in stack)
            stack.append(_Block(start, None, False) if inside else _open(code, start, at, line))
            start = at + 1
        elif char == "}" and stack:
            block = stack.pop()
            start = block.start if block.is_initializer else at + 1
            if block.function:
                block.function.lines = line - block.function.line + 1
                found.append(block.function)
        elif char == ";":
            start = at + 1
    return found
