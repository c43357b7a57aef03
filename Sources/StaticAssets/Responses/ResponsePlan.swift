/// The answer to one request: what is to be sent, not how.
///
/// A plain value. Its parts lie in the memory of the table that made it, which must outlive it;
/// nothing in it depends on the protocol version or on the connection.
public struct ResponsePlan: Equatable, Sendable, BitwiseCopyable {
  /// The status.
  public let status: ResponseStatus
  /// The status line and the fields.
  public let head: HeadTemplate
  /// The body, already left out where the method or the status has none.
  public let body: BodySource
  /// What the head does not say, because it differs between two requests.
  public let completion: HeadCompletion

  init(
    status: ResponseStatus,
    head: HeadTemplate,
    body: BodySource,
    completion: HeadCompletion = .none
  ) {
    self.status = status
    self.head = head
    self.body = body
    self.completion = completion
  }
}

/// What is to be sent behind a plan's head.
///
/// Source: RFC 9110 §14.4 (`Content-Range`), §10.2.2 (`Location`).
public enum HeadCompletion: Equatable, Sendable, BitwiseCopyable {
  /// None: the head is whole.
  case none
  /// `Content-Length`, the length of the body, and `Content-Range`: the body is the part of a
  /// representation of `total` bytes that starts at `offset`.
  case part(offset: Int64, total: Int64)
  /// `Content-Range: bytes */total`: no range had a byte of a representation of `total` bytes.
  case unsatisfied(total: Int64)
  /// The rest of `Location`, the head's last field: the request's query with its question mark, or
  /// nothing, as a slice of the buffer that the request was parsed from; then CRLF.
  case location(query: ByteSlice)
}
