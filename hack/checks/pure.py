#!/usr/bin/env python3
"""PURE libraries reach no clock, environment, randomness, file, socket, thread or global stream.

usage: pure.py [BUILD]

Reads the undefined symbols of each PURE archive that CMake declared: what a library calls stands there, also when it came
in through a header. It sees calls, not reads of memory; pointers to functions that others hand in are theirs.
"""
import re
import subprocess
import sys

import tree

# (what the demangled symbol starts with or is, why a pure library may not have it)
FORBIDDEN = [
    (r"std::chrono::_V2::\w+_clock::now", "reads a clock: take the time as an argument"),
    (r"(time|clock|gettimeofday|clock_gettime|timespec_get|localtime\w*|mktime|tzset|ftime)$", "reads a clock or the time zone"),
    (r"(nano|u)?sleep$|clock_nanosleep$|std::this_thread::", "waits"),
    (r"(secure_)?getenv$|setenv$|unsetenv$|putenv$|environ$", "reads the environment"),
    (r"setlocale$|std::locale::global|uselocale$", "depends on the locale"),
    (r"s?rand(om)?(_r)?$|[del]rand48|arc4random|getrandom$|getentropy$|RAND_\w+$|std::random_device", "is random"),
    (r"(f|fd|fre)?open(at|at64|64|dir)?$|creat(64)?$|(p|f)?(read|write)(v|64)?$|f(gets|puts|putc|close|flush|seek\w*)$|"
     r"unlink\w*$|rename\w*$|mkdir\w*$|l?stat(64|x)?$|fstat\w*$|access$|std::filesystem::|mmap(64)?$|ioctl$", "reaches files"),
    (r"(__)?v?f?printf(_chk)?$|puts$|putchar$|perror$|std(in|out|err)$|syslog$", "prints"),
    (r"std::(w?cout|w?cin|w?cerr|w?clog)$|std::ios_base::Init|std::basic_(i|o)?f(stream|ilebuf)", "reaches a global stream or a file"),
    (r"socket\w*$|connect$|bind$|listen$|accept4?$|send(to|msg)?$|recv(from|msg)?$|getaddrinfo$|poll$|epoll_\w+$|select$", "reaches the network"),
    (r"pthread_(create|mutex_\w+|cond_\w+|rwlock_\w+|join|detach)|std::thread::|std::condition_variable|std::__future|sem_\w+$|"
     r"std::jthread|__gthread", "has threads or locks"),
    (r"fork$|exec(l|v)\w*$|posix_spawn\w*$|system$|popen$|kill$|raise$|signal$|sigaction$|getpid$|gettid$|gethostname$|uname$|"
     r"getuid$|getcwd$|syscall$|std::regex|dlopen$|dlsym$", "reaches the process or the system"),
]
# (library, object file, symbol): the only calls let through, and why.
ALLOWED = {
    ("base", "check.cc.o", "write"): "CHECK's last words before abort()",
}
PATTERNS = [(re.compile(pattern), why) for pattern, why in FORBIDDEN]


def undefined(archive):
    """(object file, demangled symbol) of all that the archive calls and doesn't define itself."""
    text = subprocess.run(["nm", "-C", "-u", archive], capture_output=True, text=True, check=True).stdout
    member = ""
    for line in text.splitlines():
        if line.endswith(":"):
            member = line[:-1]
        elif match := re.match(r"\s+[Uwv] (.+)$", line):
            yield member, match[1]


def check(build):
    problems, seen = [], 0
    for library in (e for e in tree.declared(build) if e.kind == "library" and e.pure):
        for member, symbol in undefined(library.file):
            seen += 1
            plain = re.sub(r"@.*$", "", symbol)
            for pattern, why in PATTERNS:
                if pattern.match(plain) and (library.name, member, plain) not in ALLOWED:
                    problems.append(f"{library.folder}/{member.removesuffix('.o')}: {library.name} is PURE, but {plain} {why}")
    return problems if seen else [f"{build}: no PURE library has a symbol: is it built?"]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "build/release"), "calls that PURE libraries may not make"))
