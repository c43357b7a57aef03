extension String {
  /// The text with `...` for the user and the password of a URL in it, which messages must not
  /// contain: they get into logs.
  package var withoutURLUser: String {
    guard let start = firstRange(ofText: "://")?.upperBound else { return self }
    let authority = self[start...].prefix { $0 != "/" }
    let port = authority.lastIndex(of: ":").map { authority[authority.index(after: $0)...] } ?? ""
    // A password may contain a slash, as secret keys of AWS do; what is before it is no port then.
    let hasUser =
      authority.contains("@") || !(authority.hasPrefix("[") || port.allSatisfy(\.isNumber))
    guard hasUser, let end = self[start...].lastIndex(of: "@") else { return self }
    return self[..<start] + "..." + self[end...]
  }
}
