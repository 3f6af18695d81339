"""Programs that hang, die, or return and print more than anyone can take."""

from autograder.tests.hostile.programs.case import Case

LATE = "did not finish within"
GONE = "ended its process"
FULL = "MemoryError"
NESTED = "the value is nested too deeply or has too many parts"

HANGS = (
    Case("infinite_loop", "loops for ever", "while True: pass", LATE),
    Case("sleep", "sleeps for ever", "import time; time.sleep(10**6)", LATE),
    Case(
        "loop_that_catches_everything",
        "loops and catches whatever would end it",
        """
        while True:
            try:
                while True: pass
            except BaseException:
                pass
        """,
        LATE,
    ),
    Case(
        "ignored_signals",
        "ignores every signal and loops",
        """
        import signal
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True: pass
        """,
        LATE,
    ),
    Case(
        "alarm_clock",
        "sets itself a timer whose handler swallows the signal",
        """
        import signal
        signal.signal(signal.SIGALRM, lambda *arguments: None)
        signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
        while True: pass
        """,
        LATE,
    ),
    Case(
        "endless_regular_expression",
        "stays in C code, where Python handles no signal",
        "import re; re.match(r'(a+)+$', 'a' * 64 + 'b')",
        LATE,
    ),
    Case("endless_output", "prints for ever", "while True: print('x' * 10_000)", LATE),
    Case(
        "endless_poll",
        "waits for an event of no file",
        "import select; select.poll().poll()",
        LATE,
    ),
    Case(
        "hang_while_loading",
        "loops before anything is called",
        "",
        "did not get past the statement",
        "while True: pass",
        10.0,
    ),
    Case("waiting_for_input", "waits for someone to type", "input()", "EOF"),
)
DEATHS = (
    Case("os_exit_0", "ends its process as if all were well", "import os; os._exit(0)", GONE),
    Case("os_exit_77", "ends its process with a status", "import os; os._exit(77)", GONE),
    Case("sys_exit", "raises SystemExit", "raise SystemExit(0)", "SystemExit"),
    Case("keyboard_interrupt", "poses as Ctrl-C", "raise KeyboardInterrupt", "KeyboardInterrupt"),
    Case("segfault", "reads address 0", "import ctypes; ctypes.string_at(0)", GONE),
    Case("abort", "aborts", "import os; os.abort()", GONE),
    Case("suicide", "kills itself", "import os; os.kill(os.getpid(), 9)", GONE),
    Case("closed_socket", "closes the socket to the grader", "import os; os.close(3)", GONE),
    Case("closed_descriptors", "closes every descriptor", "import os; os.closerange(0, 999)", GONE),
    Case(
        "socket_over_null",
        "puts /dev/null in the socket's place and stays",
        "import os, time; os.dup2(0, 3); time.sleep(10**6)",
        "Operation not permitted",
    ),
    Case(
        "death_while_loading",
        "ends its process before anything is called",
        "",
        GONE,
        "import os\nos._exit(0)",
        10.0,
    ),
    Case("endless_recursion", "calls itself for ever", "return double(x)", "RecursionError"),
    Case(
        "hanging_exit_handler",
        "registers an exit handler that hangs",
        "",
        top="import atexit, time\natexit.register(time.sleep, 10**6)",
        score=10.0,
    ),
    Case(
        "hanging_destructor",
        "leaves an object whose destructor hangs",
        "",
        top="""
        class Trap:
            def __del__(self):
                while True: pass
        trap = Trap()
        """,
        score=10.0,
    ),
)
FLOODS = (
    Case(
        "memory_bomb",
        "takes memory bit by bit",
        "import numpy as np; hoard = [np.zeros(2**23) for _ in range(10**6)]",
        FULL,
    ),
    Case("huge_array", "asks for 80 GB at once", "import numpy as np; np.ones(10**10)", FULL),
    Case(
        "gigabyte_of_output",
        "prints 1 GB",
        "import os\nfor _ in range(1000): os.write(1, bytes(10**6))",
        score=10.0,
    ),
    Case("gigabyte_returned", "returns 1 GB", "import numpy as np; return np.zeros(2**27)", FULL),
    Case("gigabyte_of_text", "returns a text of 1 GB", "return 'x' * 2**30", FULL),
    Case("millions_of_parts", "returns a list of 10 million numbers", "return [0] * 10**7", NESTED),
    Case(
        "deep_nest",
        "returns 100,000 lists, one in the other",
        "nest = []\nfor _ in range(10**5): nest = [nest]\nreturn nest",
        NESTED,
    ),
    Case(
        "list_in_itself", "returns a list that holds itself", "x = [x]; x[0] = x; return x", NESTED
    ),
    Case(
        "colliding_keys",
        "returns a dict of 4,096 keys that have one hash",
        "import itertools; return dict.fromkeys(itertools.product((-1, -2), repeat=12), 0)",
        "sent something that is not an answer",
    ),
    Case(
        "countless_objects",
        "returns 30,000 objects that the grader would have to name",
        "return tuple(object() for _ in range(30_000))",
        "out should be a numpy array, not tuple",
    ),
    Case(
        "huge_exception",
        "raises with a message of 100 MB",
        "raise ValueError('x' * 10**8)",
        "ValueError: xxx",
    ),
)
CASES = (*HANGS, *DEATHS, *FLOODS)
