extension FileTable {
  /// Explains the answer to a request.
  ///
  /// The answer is that of `plan`; the reasons are found by asking again for each decision. Slow.
  ///
  /// - Parameters:
  ///   - request: a whole request head with its empty line.
  ///   - limits: what is refused as too large.
  public func explain(
    _ request: [UInt8],
    limits: RequestLimits = RequestLimits()
  ) -> Explanation {
    var explanation = Explanation()
    var head = RequestHead()
    switch RequestHeadParser.parse(request.span, limits: limits, into: &head) {
    case .incomplete:
      explanation.add(
        "request",
        "its head has no end; the server waits for the rest",
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
      case .badRequest: "it is malformed, or may be read in two ways"
      case .targetTooLong: "its target is longer than the limit"
      case .expectationFailed: "it expects what no server knows"
      case .fieldsTooLarge: "its head is longer than the limit, or has too many fields"
      case .notImplemented: "its transfer coding is not known"
      case .versionNotSupported: "it is not HTTP/1.x"
      default: "it cannot be answered"
      }
    return "refused, and the connection is closed: \(reason)"
  }

  /// The URL path of `entry`, decoded.
  func path(of entry: FileEntry) -> [UInt8] { copy(entry.path) }

  /// The bytes of `slice`.
  func copy(_ slice: ByteSlice) -> [UInt8] {
    arena.withSpan(slice) { span in (0..<span.count).map { span[$0] } }
  }
}
