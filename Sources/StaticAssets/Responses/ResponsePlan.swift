/// The response to one request, as slices of the table's memory.
///
/// A trivial value, valid during the lifetime of the table. It depends neither on the HTTP version
/// nor on the connection.
package struct ResponsePlan: Equatable, Sendable, BitwiseCopyable {
  /// The status.
  package let status: ResponseStatus
  /// The status line and the fields that do not depend on the request.
  package let head: HeadTemplate
  /// The body; `.none` when the method or the status has none.
  package let body: BodySource
  /// The fields that depend on the request, to be written after `head`.
  package let completion: HeadCompletion
  /// The content coding of the representation.
  package let coding: ContentCoding
  /// Bytes by which the whole body, a delta, is smaller than the representation sent without
  /// deltas.
  package let deltaSavedByteCount: UInt32
  /// Bytes by which the content coding makes the whole body smaller than the file.
  package let savedByteCount: Int64

  init(
    status: ResponseStatus,
    head: HeadTemplate,
    body: BodySource,
    completion: HeadCompletion = .none,
    coding: ContentCoding = .identity,
    savedByteCount: Int64 = 0,
    deltaSavedByteCount: UInt32 = 0
  ) {
    self.status = status
    self.head = head
    self.body = body
    self.completion = completion
    self.coding = coding
    self.deltaSavedByteCount = deltaSavedByteCount
    self.savedByteCount = savedByteCount
  }
}

/// Fields to be written after a plan's head.
///
/// Source: RFC 9110 §14.4 (`Content-Range`), §10.2.2 (`Location`).
package enum HeadCompletion: Equatable, Sendable, BitwiseCopyable {
  /// None.
  case none
  /// `Content-Length`, the length of the body, and `Content-Range`: the body starts at `offset` of
  /// a representation of `total` bytes.
  case part(offset: Int64, total: Int64)
  /// `Content-Range: bytes */total`: no range overlaps the representation of `total` bytes.
  case unsatisfied(total: Int64)
  /// The end of `Location`, the head's last field: the request's query with its question mark, a
  /// slice of the buffer that the request was parsed from, possibly empty; then CRLF.
  case location(query: ByteSlice)
  /// The value of `Location`, the head's last field, and CRLF:
  /// `FileTable.location(ofRedirect:for:in:)` of a rule of `Options.redirects`.
  case redirect(rule: Int)
}
