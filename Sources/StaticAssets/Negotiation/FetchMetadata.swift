/// Whether the fetch metadata of a request allow a response that depends on a dictionary.
///
/// The length of such a response reveals something about the dictionary, so it is sent only if the
/// page may read the response itself.
///
/// Source: RFC 9842 §9.3.3; the code follows its steps.
enum FetchMetadata {
  /// Whether the response may be compressed with a dictionary.
  ///
  /// - Parameters:
  ///   - head: a parsed request.
  ///   - bytes: the buffer that `head` was parsed from.
  ///   - allowedOrigin: the value of `Access-Control-Allow-Origin` in the response; empty for none.
  static func allowsDictionary(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    allowedOrigin: Span<UInt8>
  ) -> Bool {
    let site = Field("sec-fetch-site", head, bytes)
    if site.count == 0 || site.isOnly("same-origin", bytes) { return true }
    let mode = Field("sec-fetch-mode", head, bytes)
    if mode.count == 0 || mode.isOnly("navigate", bytes) || mode.isOnly("same-origin", bytes) {
      return true
    }
    let origin = Field("origin", head, bytes)
    guard mode.isOnly("cors", bytes), origin.count == 1, !allowedOrigin.isEmpty else {
      return false
    }
    if allowedOrigin.count == 1, allowedOrigin[0] == UInt8(ascii: "*") { return true }
    return EntityTag.equal(bytes, origin.value.range, allowedOrigin)
  }

  /// The lines of one field.
  private struct Field {
    private(set) var count = 0
    private(set) var value = ByteSlice.none

    init(_ name: StaticString, _ head: RequestHead, _ bytes: Span<UInt8>) {
      var (count, value) = (0, ByteSlice.none)
      head.forEachValue(of: name, in: bytes) { line in
        count &+= 1
        value = line
      }
      (self.count, self.value) = (count, value)
    }

    /// Whether the field occurs once, with the value `text`.
    func isOnly(_ text: StaticString, _ bytes: Span<UInt8>) -> Bool {
      count == 1 && bytes.equals(text, in: value.range)
    }
  }
}
