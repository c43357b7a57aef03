import StaticAssets
import Testing

/// A planned response with the fields that a server adds from the plan.
struct PlannedAnswer {
  let status: Int
  let fields: [String: String]
  /// nil if there is none; for a stored file its index, offset and length.
  let body: String?

  /// The response to a request head; nil if the request goes to the app.
  ///
  /// - Parameter hasApp: whether there is an app; without one there always is a response.
  init?(_ table: FileTable, _ request: String, hasApp: Bool = true) {
    let bytes = Array(request.utf8)
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
    precondition(outcome == .complete, request)
    var planned = table.plan(for: head, in: bytes.span)
    if !hasApp, planned == nil { planned = table.planOutside(for: head, in: bytes.span) }
    guard let plan = planned else { return nil }
    status = Int(plan.status.rawValue)
    var lines = Self.text(table, plan.head.bytes)
    if plan.head.statusLineByteCount > 0 {
      precondition(lines.hasPrefix("HTTP/1.1 \(status) \(plan.status.reason)\r\n"))
      lines.removeFirst(plan.head.statusLineByteCount - 1)
    }
    switch plan.completion {
    case .none: break
    case .part(let offset, let total):
      let count = plan.body.byteCount
      lines += "Content-Length: \(count)\r\n"
      lines += "Content-Range: bytes \(offset)-\(offset + count - 1)/\(total)\r\n"
    case .unsatisfied(let total): lines += "Content-Range: bytes */\(total)\r\n"
    case .location(let query):
      lines += String(decoding: bytes[query.range], as: UTF8.self) + "\r\n"
    case .redirect(let rule):
      let location = table.location(ofRedirect: rule, for: head, in: bytes.span)
      lines += String(decoding: location, as: UTF8.self) + "\r\n"
    }
    if case .parts(let representation) = plan.body {
      let response = table.multipart(of: representation, for: head, in: bytes.span)
      lines = String(decoding: response.fields, as: UTF8.self)
      body =
        response.parts.map { part in
          String(decoding: part.head, as: UTF8.self) + (Self.text(table, part.body) ?? "")
        }.joined() + String(decoding: response.end, as: UTF8.self)
    } else {
      body = Self.text(table, plan.body)
    }
    fields = Dictionary(
      uniqueKeysWithValues: lines.split(separator: "\r\n").map { line in
        let colon = line.firstIndex(of: ":") ?? line.endIndex
        return (String(line[..<colon]), String(line[colon...].dropFirst(2)))
      }
    )
  }

  private static func text(_ table: FileTable, _ body: BodySource) -> String? {
    switch body {
    case .none, .parts: nil
    case .memory(let slice): text(table, slice)
    case .file(let number, let offset, let byteCount): "file \(number): \(offset)+\(byteCount)"
    }
  }

  private static func text(_ table: FileTable, _ slice: ByteSlice) -> String {
    table.withBytes(of: slice) { span in
      String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self)
    }
  }
}

extension FileTable {
  /// The response to a request for `path` with more field lines.
  func ask(_ path: String, _ fields: String..., method: String = "GET") -> PlannedAnswer? {
    let lines = fields.map { $0 + "\r\n" }.joined()
    return PlannedAnswer(self, "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
  }

  /// The response without an app.
  func askAlone(_ path: String, _ fields: String..., method: String = "GET") -> PlannedAnswer? {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let request = "\(method) \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n"
    return PlannedAnswer(self, request, hasApp: false)
  }
}
