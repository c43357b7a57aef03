internal import StaticAssets

/// The paths whose requests are not redirected to HTTPS, such as those of health checks.
struct RedirectExemptions {
  private let globs: [Glob]

  /// - Parameter patterns: `ForwardingPolicy.redirectExemptions`.
  init(_ patterns: [String]) {
    globs = patterns.map { Glob(Array($0.utf8)) }
  }

  /// Whether a pattern matches the decoded path of the request in `head`.
  func contain(_ head: RequestHead, _ bytes: Span<UInt8>) -> Bool {
    guard !globs.isEmpty, let path = head.decodedPath(bytes) else { return false }
    let characters = PythonCharacters.of(path)
    return globs.contains { $0.matches(characters) }
  }
}
