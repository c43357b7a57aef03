/// Writes response heads into an arena.
struct HeadWriter: ~Copyable {
  private let allowsAllOrigins: Bool
  private var text = HeadText()

  /// The values of the fields of one representation.
  struct Fields {
    var contentType: [UInt8]
    var cacheControl: [UInt8]
    var varies: Bool
    /// Whether there are deltas, so that the response depends on the client's dictionary.
    var variesByDictionary = false
    /// The value of `Use-As-Dictionary`; empty when the file is not a dictionary.
    var useAsDictionary: [UInt8] = []
    /// Whether the app answers the same URL for clients that do not accept HTML.
    var variesByAccept = false
    /// An IMF-fixdate; empty when there is none.
    var lastModified: [UInt8]
    /// With its quotes; empty when there is none.
    var entityTag: [UInt8]
    var byteCount: Int64
    var coding: ContentCoding
    /// The fields of the operator's rules.
    var extra: [FieldRule] = []
  }

  init(allowsAllOrigins: Bool) {
    self.allowsAllOrigins = allowsAllOrigins
  }

  /// The head of a 200, and the slices of it that other responses use.
  struct Head {
    let ok: HeadTemplate
    /// The field lines of a 206: all except `Content-Length` and `Use-As-Dictionary` (RFC 9110
    /// §15.3.7).
    let partial: HeadTemplate
    let contentType: ByteSlice
    let entityTag: ByteSlice
  }

  /// Writes the head of a 200.
  mutating func ok(_ fields: Fields, in arena: inout ByteArenaBuilder) -> Head {
    let statusLineByteCount = start(.ok)
    line("Content-Type", fields.contentType)
    let typeEnd = text.count - 2
    writeCacheFields(fields, extra: fields.extra)
    if !fields.lastModified.isEmpty { line("Last-Modified", fields.lastModified) }
    if !fields.entityTag.isEmpty { line("ETag", fields.entityTag) }
    let tagEnd = text.count - 2
    line("Accept-Ranges", "bytes")
    if fields.coding != .identity { line("Content-Encoding", fields.coding.token) }
    let partialEnd = text.count
    // After `Content-Length`, so that the lines before it are one slice for the 206.
    line("Content-Length", decimal: fields.byteCount)
    // Not in the 206: a part of the content cannot be a dictionary. A 304 has no content.
    if !fields.useAsDictionary.isEmpty { line("Use-As-Dictionary", fields.useAsDictionary) }
    let ok = finish(statusLineByteCount, in: &arena)
    func slice(_ count: Int, upTo end: Int) -> ByteSlice {
      ByteSlice(offset: Int(ok.bytes.offset) + end - count, count: count)
    }
    let partial = slice(partialEnd - statusLineByteCount, upTo: partialEnd)
    return Head(
      ok: ok,
      partial: HeadTemplate(bytes: partial, statusLineByteCount: 0),
      contentType: slice(fields.contentType.count, upTo: typeEnd),
      entityTag: slice(fields.entityTag.count, upTo: tagEnd)
    )
  }

  /// Writes the head of a 304: the fields that may update a stored response (RFC 9110 §15.4.5).
  mutating func notModified(_ fields: Fields, in arena: inout ByteArenaBuilder) -> HeadTemplate {
    let statusLineByteCount = start(.notModified)
    writeCacheFields(fields, extra: fields.extra.filter { !$0.isForContent })
    if !fields.entityTag.isEmpty { line("ETag", fields.entityTag) }
    return finish(statusLineByteCount, in: &arena)
  }

  /// Writes the head of a redirect up to the query in `Location`, the last field.
  ///
  /// - Parameters:
  ///   - location: a relative reference, percent-encoded; empty if it depends on the request.
  ///   - status: the status.
  ///   - cacheControl: the value of `Cache-Control`; nil sends none.
  ///   - arena: receives the bytes.
  mutating func redirect(
    to location: [UInt8],
    _ status: ResponseStatus = .found,
    cacheControl: String?,
    in arena: inout ByteArenaBuilder
  ) -> HeadTemplate {
    let statusLineByteCount = start(status)
    if let cacheControl { line("Cache-Control", Array(cacheControl.utf8)) }
    writeAllowOrigin()
    line("Content-Length", "0")
    line("Location", location)
    text.removeLast(2)
    return finish(statusLineByteCount, in: &arena)
  }

  /// Writes the response to a CORS preflight for a file that pages of `origin` may read.
  ///
  /// Source: Fetch standard, CORS protocol: HTTP responses.
  mutating func preflight(_ origin: [UInt8], in arena: inout ByteArenaBuilder) -> HeadTemplate {
    let statusLineByteCount = start(.noContent)
    line("Allow", "GET, HEAD, OPTIONS")
    line("Access-Control-Allow-Origin", origin)
    line("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
    line("Access-Control-Allow-Headers", "*")
    line("Access-Control-Max-Age", "86400")
    return finish(statusLineByteCount, in: &arena)
  }

  /// The origin that may read a file with these fields; nil for none.
  func allowedOrigin(_ extra: [FieldRule]) -> [UInt8]? {
    if let rule = extra.first(where: { $0.key == "access-control-allow-origin" }) {
      return Array(rule.value.utf8)
    }
    return allowsAllOrigins ? [UInt8(ascii: "*")] : nil
  }

  /// Writes the responses that do not depend on a file.
  ///
  /// - Parameters:
  ///   - pages: the operator's error pages.
  ///   - arena: receives the bytes.
  mutating func fixedResponses(
    _ pages: [ResponseStatus: ErrorPage],
    in arena: inout ByteArenaBuilder
  ) -> FixedResponses {
    let noStore: (StaticString, StaticString) = ("Cache-Control", "no-store")
    let allow: (StaticString, StaticString) = ("Allow", "GET, HEAD, OPTIONS")
    // A script of any origin that may read the file may also read the error response.
    var refusal = [noStore]
    if allowsAllOrigins { refusal.append(("Access-Control-Allow-Origin", "*")) }
    let statusLineByteCount = start(.noContent)
    line(allow.0, allow.1)
    let options = finish(statusLineByteCount, in: &arena)
    return FixedResponses(
      options: ResponsePlan(status: .noContent, head: options, body: .none),
      badRequest: error(.badRequest, [noStore], pages, in: &arena),
      notFound: error(.notFound, [noStore], pages, in: &arena),
      methodNotAllowed: error(.methodNotAllowed, [allow], pages, in: &arena),
      preconditionFailed: error(.preconditionFailed, refusal, pages, in: &arena),
      rangeNotSatisfiable: error(.rangeNotSatisfiable, refusal, pages, in: &arena)
    )
  }

  /// Writes the operator's error pages for an app that fails or cannot be reached.
  mutating func appPages(
    _ pages: [ResponseStatus: ErrorPage],
    in arena: inout ByteArenaBuilder
  ) -> [ResponseStatus: ResponsePlan] {
    var plans: [ResponseStatus: ResponsePlan] = [:]
    for status in [.notFound] + FileTable.Options.appPageStatuses where pages[status] != nil {
      var fields: [(StaticString, StaticString)] = [("Cache-Control", "no-store")]
      if status == .serviceUnavailable { fields.append(("Retry-After", "2")) }
      plans[status] = error(status, fields, pages, in: &arena)
    }
    return plans
  }

  private mutating func error(
    _ status: ResponseStatus,
    _ fields: [(StaticString, StaticString)],
    _ pages: [ResponseStatus: ErrorPage],
    in arena: inout ByteArenaBuilder
  ) -> ResponsePlan {
    let page =
      pages[status]
      ?? ErrorPage(
        contentType: Array("text/plain; charset=\"utf-8\"".utf8),
        body: Array("\(status.reason)\n".utf8)
      )
    let body = page.body
    let statusLineByteCount = start(status)
    line("Content-Type", page.contentType)
    for (name, value) in fields { line(name, value) }
    line("Content-Length", decimal: Int64(body.count))
    return ResponsePlan(
      status: status,
      head: finish(statusLineByteCount, in: &arena),
      body: .memory(arena.append(body))
    )
  }

  private mutating func writeCacheFields(_ fields: Fields, extra: [FieldRule]) {
    if !fields.cacheControl.isEmpty { line("Cache-Control", fields.cacheControl) }
    writeAllowOrigin(unless: fields.extra)
    for rule in extra { text.append(Array("\(rule.name): \(rule.value)\r\n".utf8)) }
    switch (fields.variesByAccept, fields.varies, fields.variesByDictionary) {
    case (false, false, false): break
    case (false, true, false): line("Vary", "Accept-Encoding")
    case (false, _, true): line("Vary", "Accept-Encoding, Available-Dictionary")
    case (true, false, false): line("Vary", "Accept")
    case (true, true, false): line("Vary", "Accept, Accept-Encoding")
    case (true, _, true): line("Vary", "Accept, Accept-Encoding, Available-Dictionary")
    }
  }

  private mutating func writeAllowOrigin(unless rules: [FieldRule] = []) {
    let isReplaced = rules.contains { $0.key == "access-control-allow-origin" }
    if allowsAllOrigins, !isReplaced { line("Access-Control-Allow-Origin", "*") }
  }

  /// Starts a head with the status line; returns the line's length in bytes.
  private mutating func start(_ status: ResponseStatus) -> Int {
    text.removeAll()
    text.append("HTTP/1.1 ")
    text.append(decimal: Int64(status.rawValue))
    text.append(" ")
    text.append(status.reason)
    text.append("\r\n")
    return text.count
  }

  @inline(always)
  private mutating func line(_ name: StaticString, _ value: [UInt8]) {
    text.append(name)
    text.append(": ")
    text.append(value)
    text.append("\r\n")
  }

  @inline(always)
  private mutating func line(_ name: StaticString, _ value: StaticString) {
    text.append(name)
    text.append(": ")
    text.append(value)
    text.append("\r\n")
  }

  @inline(always)
  private mutating func line(_ name: StaticString, decimal value: Int64) {
    text.append(name)
    text.append(": ")
    text.append(decimal: value)
    text.append("\r\n")
  }

  private mutating func finish(
    _ statusLineByteCount: Int,
    in arena: inout ByteArenaBuilder
  ) -> HeadTemplate {
    HeadTemplate(bytes: arena.append(text), statusLineByteCount: statusLineByteCount)
  }
}
