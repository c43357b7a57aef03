/// A response as web frameworks represent it: a status, a list of fields and a body.
///
/// The framework adds `Date` (see `date(at:)`) and `Connection` and no other field: a 304 has no
/// `Content-Length`, and HEAD has that of GET.
public struct PlainResponse: Sendable {
  /// The status.
  public let status: ResponseStatus
  /// The fields in the order in which the server of this package sends them.
  public let fields: [Field]
  /// The content coding of the body, for `FileTable.open`.
  let coding: ContentCoding
  /// The pieces of the body in order; empty when the method or the status has no body.
  public let body: [BodyPiece]

  /// One field.
  public struct Field: Equatable, Sendable {
    /// The field name in its usual capitalisation.
    public let name: String
    /// The field value.
    public let value: String
  }

  /// Converts `plan`, which `table` made for `request`.
  package init(_ plan: ResponsePlan, of table: FileTable, to request: ParsedRequest) {
    status = plan.status
    coding = plan.coding
    if case .parts(let representation) = plan.body {
      let bytes = request.bytes.span
      let multipart = table.multipart(of: representation, for: request.head, in: bytes)
      fields = Self.fields(multipart.fields[...])
      let parts = multipart.parts.flatMap { part in
        [BodyPiece.bytes(part.head)] + BodyPiece.all(of: part.body)
      }
      body = parts + [BodyPiece.bytes(multipart.end)]
      return
    }
    let head = table.copy(plan.head.bytes).dropFirst(plan.head.statusLineByteCount)
    fields = Self.fields(head + Self.completion(of: plan, table, request))
    body = BodyPiece.all(of: plan.body)
  }

  /// Converts `plan`, which does not depend on the request.
  init(_ plan: ResponsePlan, of table: FileTable) {
    status = plan.status
    coding = plan.coding
    let head = table.copy(plan.head.bytes).dropFirst(plan.head.statusLineByteCount)
    fields = Self.fields(head)
    body = BodyPiece.all(of: plan.body)
  }

  /// The length of the body in bytes.
  public var bodyByteCount: Int64 { body.reduce(0) { $0 + $1.byteCount } }

  /// The index of the stored file that contains the body; nil when the body is in memory.
  package var fileNumber: Int? {
    for case .file(let number, _, _) in body { return number }
    return nil
  }

  /// The value of `Date`, for frameworks that do not add it: `Sun, 06 Nov 1994 08:49:37 GMT`.
  ///
  /// Source: RFC 9110 §6.6.1, §5.6.7.
  ///
  /// - Parameter seconds: the time at which the response is sent, since 1970-01-01T00:00:00Z; a
  ///   time outside of the years 0000 to 9999 counts as the first or the last second of these.
  public static func date(at seconds: Int64) -> String {
    let date = HTTPDate.format(seconds)
    return String(decoding: date.indices.map { date[$0] }, as: UTF8.self)
  }

  /// The field lines that depend on the request.
  private static func completion(
    of plan: ResponsePlan,
    _ table: FileTable,
    _ request: ParsedRequest
  ) -> [UInt8] {
    switch plan.completion {
    case .none:
      return []
    case .part(let offset, let total):
      let count = plan.body.byteCount
      let range = "\(offset)-\(offset + count - 1)/\(total)"
      return Array("Content-Length: \(count)\r\nContent-Range: bytes \(range)\r\n".utf8)
    case .unsatisfied(let total):
      return Array("Content-Range: bytes */\(total)\r\n".utf8)
    case .location(let query):
      return request.bytes[query.range] + Array("\r\n".utf8)
    case .redirect(let rule):
      let location = table.location(ofRedirect: rule, for: request.head, in: request.bytes.span)
      return location + Array("\r\n".utf8)
    }
  }

  /// Parses field lines of the form `Name: value`, written by this package.
  private static func fields(_ text: ArraySlice<UInt8>) -> [Field] {
    let lines = text.split { $0 == .carriageReturn || $0 == .lineFeed }
    return lines.map { line in
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      let value = line.dropFirst(name.count + 2)
      return Field(
        name: String(decoding: name, as: UTF8.self),
        value: String(decoding: value, as: UTF8.self)
      )
    }
  }
}

/// A piece of a response's body.
public enum BodyPiece: Equatable, Sendable {
  /// A slice of the table's memory, for `FileTable.withBytes`.
  case memory(ByteSlice)
  /// These bytes: a boundary or the head of a part in a multipart body.
  case bytes([UInt8])
  /// `byteCount` bytes from `offset` of the table's stored file at index `number`.
  ///
  /// Open the file with `FileTable.open` before sending the status: opening may fail.
  case file(number: Int, offset: Int64, byteCount: Int64)

  /// The number of bytes.
  package var byteCount: Int64 {
    switch self {
    case .memory(let slice): Int64(slice.count)
    case .bytes(let bytes): Int64(bytes.count)
    case .file(_, _, let byteCount): byteCount
    }
  }

  /// The pieces of `source`, which is not multipart: one piece, or none when the body is empty.
  fileprivate static func all(of source: BodySource) -> [BodyPiece] {
    switch source {
    case .none: []
    case .memory(let slice): slice.isEmpty ? [] : [.memory(slice)]
    case .file(let number, let offset, let byteCount):
      [.file(number: number, offset: offset, byteCount: byteCount)]
    case .parts: preconditionFailure("a multipart body has no single source")
    }
  }
}

extension FileTable {
  /// The response to a request that a framework has parsed: for a file, a redirect, a page, 404,
  /// 405 or 204.
  ///
  /// Nil when the request belongs to the app: no file, redirect or fallback has the path, and no
  /// collected root answers for missing files below it.
  public func response(to request: ParsedRequest) -> PlainResponse? {
    plan(for: request.head, in: request.bytes.span).map { plan in
      PlainResponse(plan, of: self, to: request)
    }
  }
}
