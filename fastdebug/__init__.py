"""Ask your own notebooks a question and get the section that answers it

You have written the answer down before. It stands in one of forty notebooks, under a heading you half remember, between two plots. `fastdebug` finds it by what you ask, not by where it is, and shows the whole of it: the words, the code, the stored outputs. So notes become something you use, and the classics something you learn by running and asking.

Modules:

- `fastdebug.cli`: The same questions in a terminal: `fastnbs`, `fastlistnbs`, `fastnotes`, and `fastdebug` to look after the index.
- `fastdebug.core`: The few plain values that travel from room to room: a `Document` of `Section`s made of `Cell`s, and the `Hit` that answers a question.
- `fastdebug.utils`: The front door: `fastnbs`, `fastlistnbs` and `fastnotes`, to be typed in a cell."""

__version__ = "0.1.0"

def load_ipython_extension(shell):
    "The magics `%fastnbs`, `%fastlistnbs` and `%fastnotes`, by `%load_ext fastdebug`"
    from .magics import load_magics
    load_magics(shell)
