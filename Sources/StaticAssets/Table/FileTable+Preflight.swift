/// OPTIONS for a file.
extension FileTable {
  /// The response to OPTIONS for `entry`: the allowed methods, and for a CORS preflight the allowed
  /// origin, methods and fields.
  @inline(never)
  func planOptions(
    _ head: RequestHead,
    in bytes: Span<UInt8>,
    _ entry: FileEntry
  ) -> ResponsePlan {
    guard entry.preflight >= 0, Self.isPreflight(head, in: bytes) else { return fixed.options }
    let response = preflights[Int(entry.preflight)]
    return ResponsePlan(status: .noContent, head: response, body: .none)
  }

  /// Whether the request is a CORS preflight.
  ///
  /// Source: Fetch standard, CORS-preflight request.
  static func isPreflight(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
    var hasOrigin = false
    var hasMethod = false
    head.forEachValue(of: "origin", in: bytes) { hasOrigin = hasOrigin || !$0.isEmpty }
    head.forEachValue(of: "access-control-request-method", in: bytes) {
      hasMethod = hasMethod || !$0.isEmpty
    }
    return hasOrigin && hasMethod
  }
}
