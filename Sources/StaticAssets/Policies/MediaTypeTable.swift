/// Media types by file name: the operator's take precedence over those of `MediaType`.
struct MediaTypeTable {
  private let overrides: [String: String]

  /// - Parameter overrides: types by extension without its dot, or by whole file name.
  init(_ overrides: [String: String]) {
    self.overrides = Dictionary(overrides.map { ($0.lowercased(), $1) }) { _, last in last }
  }

  /// The value of `Content-Type` for the file `name`; whole names take precedence over extensions.
  ///
  /// - Parameters:
  ///   - name: the path.
  ///   - known: the value in a manifest, which the operator's types override; empty for none.
  func contentType(of name: BytePath, known: [UInt8]) -> [UInt8] {
    if !overrides.isEmpty, let type = overridingType(of: name) { return Array(type.utf8) }
    return known.isEmpty ? Array(MediaType.contentType(ofFileNamed: name.bytes).utf8) : known
  }

  private func overridingType(of name: BytePath) -> String? {
    let base = String(decoding: name.lastComponent.bytes, as: UTF8.self).lowercased()
    if let type = overrides[base] { return MediaType.withCharset(type) }
    guard !MediaType.hasType(forWholeName: base), let dot = base.lastIndex(of: ".") else {
      return nil
    }
    return overrides[String(base[base.index(after: dot)...])].map(MediaType.withCharset)
  }
}
