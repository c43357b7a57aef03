/// Writes response heads into an arena.
struct HeadWriter {
  private let allowsAllOrigins: Bool
  private var text: [UInt8] = []

  /// What the fields of one representation say.
  struct Fields {
    var contentType: [UInt8]
    var cacheControl: [UInt8]
    var varies: Bool
    /// An IMF-fixdate, or empty.
    var lastModified: [UInt8]
    /// With quotes.
    var entityTag: [UInt8]
    var byteCount: Int64
    var coding: ContentCoding
  }

  init(allowsAllOrigins: Bool) {
    self.allowsAllOrigins = allowsAllOrigins
    text.reserveCapacity(1024)
  }

  /// The head of a 200, and where in it the entity tag is.
  mutating func ok(
    _ fields: Fields,
    in arena: inout ByteArenaBuilder
  ) -> (head: HeadTemplate, entityTag: ByteSlice) {
    let statusLineByteCount = start(.ok)
    line("Content-Type", fields.contentType)
    caching(fields)
    if !fields.lastModified.isEmpty { line("Last-Modified", fields.lastModified) }
    line("ETag", fields.entityTag)
    let tagEnd = text.count - 2
    line("Content-Length", Array(String(fields.byteCount).utf8))
    if fields.coding != .identity { line("Content-Encoding", fields.coding.token) }
    let head = take(statusLineByteCount, in: &arena)
    let tagStart = Int(head.bytes.offset) + tagEnd - fields.entityTag.count
    return (head, ByteSlice(offset: tagStart, count: fields.entityTag.count))
  }

  /// The head of a 304: what a cache may have to update (RFC 9110 §15.4.5).
  mutating func notModified(_ fields: Fields, in arena: inout ByteArenaBuilder) -> HeadTemplate {
    let statusLineByteCount = start(.notModified)
    caching(fields)
    line("ETag", fields.entityTag)
    return take(statusLineByteCount, in: &arena)
  }

  /// The responses that do not depend on a file.
  mutating func fixedResponses(in arena: inout ByteArenaBuilder) -> FixedResponses {
    let notFound = error(.notFound, [("Cache-Control", "no-store")], in: &arena)
    let notAllowed = error(.methodNotAllowed, [("Allow", "GET, HEAD, OPTIONS")], in: &arena)
    let statusLineByteCount = start(.noContent)
    line("Allow", "GET, HEAD, OPTIONS")
    let options = take(statusLineByteCount, in: &arena)
    return FixedResponses(
      notFoundHead: notFound.head,
      notFoundBody: notFound.body,
      methodNotAllowedHead: notAllowed.head,
      methodNotAllowedBody: notAllowed.body,
      optionsHead: options
    )
  }

  private mutating func error(
    _ status: ResponseStatus,
    _ fields: [(StaticString, StaticString)],
    in arena: inout ByteArenaBuilder
  ) -> (head: HeadTemplate, body: ByteSlice) {
    let body = Array("\(status.reason)\n".utf8)
    let statusLineByteCount = start(status)
    line("Content-Type", "text/plain; charset=\"utf-8\"")
    for (name, value) in fields { line(name, value) }
    line("Content-Length", Array(String(body.count).utf8))
    return (take(statusLineByteCount, in: &arena), arena.append(body))
  }

  private mutating func caching(_ fields: Fields) {
    if !fields.cacheControl.isEmpty { line("Cache-Control", fields.cacheControl) }
    if allowsAllOrigins { line("Access-Control-Allow-Origin", "*") }
    if fields.varies { line("Vary", "Accept-Encoding") }
  }

  /// Begins a head; returns the number of bytes of its status line.
  private mutating func start(_ status: ResponseStatus) -> Int {
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: "HTTP/1.1 \(status.rawValue) \(status.reason)\r\n".utf8)
    return text.count
  }

  private mutating func line(_ name: StaticString, _ value: [UInt8]) {
    append(name)
    text.append(contentsOf: [UInt8(ascii: ":"), .space])
    text.append(contentsOf: value)
    text.append(contentsOf: [.carriageReturn, .lineFeed])
  }

  private mutating func line(_ name: StaticString, _ value: StaticString) {
    line(name, Array(value.description.utf8))
  }

  private mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
  }

  private mutating func take(
    _ statusLineByteCount: Int,
    in arena: inout ByteArenaBuilder
  ) -> HeadTemplate {
    HeadTemplate(bytes: arena.append(text), statusLineByteCount: statusLineByteCount)
  }
}
