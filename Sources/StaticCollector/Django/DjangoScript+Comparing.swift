extension DjangoScript {
  /// Detects whether a project has changed what a library defines.
  static let comparing = #"""
    originals = {}


    def pristine(name):
        """The namespace of a module that is executed again, so that it has no patches."""
        if name not in originals:
            import importlib.util

            spec = sys.modules[name].__spec__
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            originals[name] = vars(module)
        return originals[name]


    def original(kind):
        """A library's class as its module defines it."""
        return pristine(kind.__module__)[kind.__qualname__]


    def code(value):
        """A value that is equal for equal functions or values."""
        value = getattr(value, "__func__", value)
        if isinstance(value, property):
            return tuple(code(f) for f in (value.fget, value.fset, value.fdel))
        if type(value).__name__ == "cached_property":
            value = getattr(value, "func", value)
        if is_function(value):
            # Compares the function that this program has replaced.
            value = closed.get(value, value)
        return getattr(value, "__code__", value)


    def is_function(value):
        return isinstance(value, type(code))


    def changed_globals(name):
        """The names that were changed in a library's module: what it defines, imports or shadows."""
        now, then = vars(sys.modules[name]), pristine(name)
        names = [n for n in then if not n.startswith("__")]
        changed = [n for n in names if is_changed(now.get(n, changed_globals), then[n], name)]
        return changed + [n for n in now if n not in then and hasattr(builtins, n)]


    def is_changed(now, then, module):
        """Whether a global of a module is not what its source defines or imports."""
        if is_function(then):
            return code(now) != code(then) or is_foreign(then)
        is_class = isinstance(then, type)
        if now is then:
            # A class may have been replaced where it is imported from.
            return is_class and is_foreign(then)
        if is_class and then.__module__ == module:
            return not isinstance(now, type) or place(now) != place(then)
        if is_class or isinstance(then, (type(os), type(len))):
            return True
        if isinstance(then, (str, bytes, int, float, tuple, frozenset, type(None))):
            return now != then
        return place(type(now)) != place(type(then))


    def place(kind):
        return kind.__module__, kind.__qualname__


    # The packages, besides Python's own, whose classes and functions the compared modules import.
    LIBRARIES = ("asgiref", "builtins", "django", "whitenoise")


    def is_foreign(value):
        """Whether a class or function is neither Python's nor of LIBRARIES."""
        names = getattr(sys, "stdlib_module_names", None)
        module = getattr(value, "__module__", None)
        if names is None or not isinstance(module, str):
            return False
        return module.split(".")[0] not in names and module.split(".")[0] not in LIBRARIES


    def changed_methods(kind):
        """The names of methods and properties of a library's class that were changed."""
        now, then = vars(kind), vars(original(kind))
        methods = {n for n in (*now, *then) if not n.startswith("__") or n == "__init__"}
        methods = [n for n in methods if any(has_code(values.get(n)) for values in (now, then))]
        return sorted(n for n in methods if code(now.get(n)) != code(then.get(n)))


    def has_code(value):
        return code(value) is not value


    def gives_original(instance, kind, *names):
        """Whether methods of an instance are the unchanged ones of a library's class."""
        plain = original(kind)
        return all(code(getattr(instance, n, None)) == code(getattr(plain, n)) for n in names)
    """#
}
