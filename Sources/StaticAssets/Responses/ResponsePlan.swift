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
  /// What the head does not say of the body, because it differs between two ranges.
  public let contentRange: ContentRange

  init(
    status: ResponseStatus,
    head: HeadTemplate,
    body: BodySource,
    contentRange: ContentRange = .none
  ) {
    self.status = status
    self.head = head
    self.body = body
    self.contentRange = contentRange
  }
}

/// The fields about a range that are to be sent behind a plan's head.
///
/// Source: RFC 9110 §14.4.
public enum ContentRange: Equatable, Sendable, BitwiseCopyable {
  /// None: the head is whole.
  case none
  /// `Content-Length`, the length of the body, and `Content-Range`: the body is the part of a
  /// representation of `total` bytes that starts at `offset`.
  case part(offset: Int64, total: Int64)
  /// `Content-Range: bytes */total`: no range had a byte of a representation of `total` bytes.
  case unsatisfied(total: Int64)
}
