extension FileTable {
  /// Explains the response to a request.
  ///
  /// The response is that of `plan`; each decision is evaluated again to find its reason. Slow.
  ///
  /// - Parameters:
  ///   - request: a complete request head with its empty line.
  ///   - limits: the limits of the head.
  package func explain(
    _ request: [UInt8],
    limits: RequestLimits = RequestLimits()
  ) -> Explanation {
    var explanation = Explanation()
    var head = RequestHead()
    switch RequestHeadParser.parse(request.span, limits: limits, into: &head) {
    case .incomplete:
      explanation.add(
        "request",
        "its head is incomplete; the server waits for the rest",
        "RFC 9112 §2"
      )
    case .rejected(let status):
      explanation.status = status
      explanation.add("request", Self.refusal(status), "RFC 9112 §3, §5; RFC 9110 §15")
    case .complete:
      Explainer(table: self, bytes: request, head: head).explain(into: &explanation)
    }
    return explanation
  }

  private static func refusal(_ status: ResponseStatus) -> String {
    let reason =
      switch status {
      case .badRequest: "it is malformed or ambiguous"
      case .targetTooLong: "its target is longer than the limit"
      case .expectationFailed: "its expectation is not known"
      case .fieldsTooLarge: "its head is longer than the limit, or has too many fields"
      case .notImplemented: "its transfer coding or its method is not supported"
      case .versionNotSupported: "it is not HTTP/1.x"
      default: "it cannot be answered"
      }
    return "refused, and the connection is closed: \(reason)"
  }

  /// The URL path of `entry`, percent-decoded.
  func path(of entry: FileEntry) -> [UInt8] { copy(entry.path) }

  /// A copy of the bytes of `slice`.
  func copy(_ slice: ByteSlice) -> [UInt8] {
    arena.withSpan(slice) { span in (0..<span.count).map { span[$0] } }
  }
}
