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


    def changed_functions(name):
        """The names of functions in a library's module that were changed."""
        now = vars(sys.modules[name])
        then = pristine(name)
        return [n for n, f in then.items() if is_function(f) and code(now.get(n)) != code(f)]


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
