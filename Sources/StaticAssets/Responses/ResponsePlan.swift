/// The answer to one request: what is to be sent, not how.
///
/// A plain value. Its parts lie in the memory of the table that made it, which must outlive it;
/// nothing in it depends on the protocol version or on the connection.
public struct ResponsePlan: Equatable, Sendable {
  /// The status.
  public let status: ResponseStatus
  /// The status line and the fields.
  public let head: HeadTemplate
  /// The body, already left out where the method or the status has none.
  public let body: BodySource
}
