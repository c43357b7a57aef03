extension String {
  /// The text with `...` for the user and the password of a URL in it, which messages must not
  /// contain: they get into logs.
  package var withoutURLUser: String {
    guard let start = firstRange(ofText: "://")?.upperBound else { return self }
    let authority = self[start...].prefix { $0 != "/" }
    guard let end = authority.lastIndex(of: "@") else { return self }
    return self[..<start] + "..." + self[end...]
  }
}
