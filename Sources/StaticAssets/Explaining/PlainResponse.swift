/// A planned response as plain text: for explanations, where speed does not count.
struct PlainResponse {
  /// Names and values in the order in which they are sent.
  let fields: [(name: String, value: String)]
  /// Bytes of the body.
  let bodyByteCount: Int64

  init(_ plan: ResponsePlan, of table: FileTable, _ head: RequestHead, _ bytes: [UInt8]) {
    var text = table.copy(plan.head.bytes).dropFirst(plan.head.statusLineByteCount)
    var byteCount = plan.body.byteCount
    switch plan.completion {
    case .none: break
    case .part(let offset, let total):
      let end = offset + byteCount - 1
      text += Array("Content-Length: \(byteCount)\r\n".utf8)
      text += Array("Content-Range: bytes \(offset)-\(end)/\(total)\r\n".utf8)
    case .unsatisfied(let total): text += Array("Content-Range: bytes */\(total)\r\n".utf8)
    case .location(let query): text += bytes[query.range] + Array("\r\n".utf8)
    }
    if case .parts(let representation) = plan.body {
      let multipart = table.multipart(of: representation, for: head, in: bytes.span)
      text = multipart.fields[...]
      byteCount = multipart.byteCount
    }
    fields = Self.lines(text)
    bodyByteCount = byteCount
  }

  private static func lines(_ text: ArraySlice<UInt8>) -> [(name: String, value: String)] {
    let lines = text.split { $0 == .carriageReturn || $0 == .lineFeed }
    return lines.map { line in
      let name = line.prefix { $0 != UInt8(ascii: ":") }
      let value = line.dropFirst(name.count + 2)
      return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
  }
}
