/// A planned response in the terms of web frameworks: a status, a list of fields and a body.
///
/// For adapters, which hand these to a framework that writes them; `ResponsePlan` is for servers
/// that write bytes themselves. `Date` and `Connection` are the framework's to add, and no field
/// but these may be: a 304 has no `Content-Length` and a HEAD has that of the GET.
public struct PlainResponse: Sendable {
  /// The status.
  public let status: ResponseStatus
  /// The fields in the order in which the server of this package sends them.
  public let fields: [Field]
  /// What the body consists of, in order; empty where the method or the status has none.
  public let body: [BodyPiece]

  /// One field.
  public struct Field: Equatable, Sendable {
    /// The name, in the usual capitals.
    public let name: String
    /// The value.
    public let value: String
  }

  /// Spells out `plan`, which `table` made for `request`.
  public init(_ plan: ResponsePlan, of table: FileTable, to request: ParsedRequest) {
    status = plan.status
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
    fields = Self.fields(head + Self.completion(of: plan, request))
    body = BodyPiece.all(of: plan.body)
  }

  /// The number of bytes of the body.
  public var bodyByteCount: Int64 { body.reduce(0) { $0 + $1.byteCount } }

  /// The table's number of the file that the body's pieces are in; nil when all are in memory.
  ///
  /// It has to be opened, by `FileTable.openBody`, before the status is sent: it may be gone.
  public var fileNumber: Int? {
    for case .file(let number, _, _) in body { return number }
    return nil
  }

  /// The field lines that differ between two requests.
  private static func completion(of plan: ResponsePlan, _ request: ParsedRequest) -> [UInt8] {
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
    }
  }

  /// Takes the lines of `text` apart, which this package has written: `Name: value`.
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

/// A part of a response's body, by where its bytes are.
public enum BodyPiece: Equatable, Sendable {
  /// In the table's memory; `FileTable.withBytes` gives them.
  case memory(ByteSlice)
  /// These: what stands between the parts of a multipart.
  case bytes([UInt8])
  /// In a file: `byteCount` bytes of the table's file number `number` from `offset`.
  case file(number: Int, offset: Int64, byteCount: Int64)

  /// The number of bytes.
  public var byteCount: Int64 {
    switch self {
    case .memory(let slice): Int64(slice.count)
    case .bytes(let bytes): Int64(bytes.count)
    case .file(_, _, let byteCount): byteCount
    }
  }

  /// The pieces of `source`, which is no multipart: one, or none where there is nothing to send.
  fileprivate static func all(of source: BodySource) -> [BodyPiece] {
    switch source {
    case .none: []
    case .memory(let slice): slice.isEmpty ? [] : [.memory(slice)]
    case .file(let number, let offset, let byteCount):
      [.file(number: number, offset: offset, byteCount: byteCount)]
    case .parts: preconditionFailure("a part is no multipart")
    }
  }
}

extension FileTable {
  /// The answer to a request that a framework has parsed, or nil when its target is nothing of
  /// this table's: `plan`, spelled out.
  public func response(to request: ParsedRequest) -> PlainResponse? {
    plan(for: request.head, in: request.bytes.span).map { plan in
      PlainResponse(plan, of: self, to: request)
    }
  }
}
