extension ImmutableNames {
  /// A predicate for many names, which are paths below the root.
  package func matcher() -> @Sendable (BytePath) -> Bool {
    let matcher = ImmutableNameMatcher(self)
    return { matcher.matches($0, PythonCharacters.of($0.bytes)) }
  }
}
