# SPDX-License-Identifier: MIT
# Four points move to the target's edge: the gradient stays. LD_LIBRARY_PATH finds the library.
import ctypes, os

lib = ctypes.CDLL(os.environ.get("KDEGRAD_LIBRARY", "libkdegrad.so.0"))
P, S, D, N = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_double, ctypes.c_size_t
for name, result, *arguments in [
        ("create", P), ("free", None, P), ("error", S, P), ("choose", ctypes.c_int, P, S, S),
        ("set", ctypes.c_int, P, S, D), ("list", ctypes.c_int, P, S, N, ctypes.POINTER(D)),
        ("evaluate", ctypes.c_int, P), ("number", D, P, S),
        ("numbers", ctypes.POINTER(D), P, S, ctypes.POINTER(N))]:
    function = getattr(lib, "kd_model_" + name)
    function.restype, function.argtypes = result, arguments

def tell(model, call, *arguments):
    if getattr(lib, "kd_model_" + call)(model, *arguments):
        raise ValueError(lib.kd_model_error(model).decode())

model, n = lib.kd_model_create(), N()
tell(model, "choose", b"kernel.family", b"laplace")
for path, *values in [(b"target.bounds", -0.5, 0.5), (b"points.at", -2.5, 1.75, 3.25, -4),
                      (b"logits.at", 0.3, -0.2, 0.9, 0)]:
    tell(model, "list", path, len(values), (D * len(values))(*values))
for shift in 0, 1.25:
    tell(model, "set", b"shift.by", shift)
    tell(model, "evaluate")
    loss, bound = (lib.kd_model_number(model, name) for name in (b"loss", b"gradient_bound"))
    G = lib.kd_model_numbers(model, b"gradient", ctypes.byref(n))[:n.value]
    print(*("%.17g" % number for number in [shift, loss, *G]), "within %.1e" % bound)
