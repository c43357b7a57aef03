import Foundation

/// One part of a 206.
///
/// Source: RFC 9110 §14.6 and §15.3.7, RFC 2046 §5.1.1.
struct ResponsePart {
  let range: Range<Int>
  /// The size of the whole representation, in bytes.
  let size: Int
  let body: ArraySlice<UInt8>

  /// The parts of `response`: several with a multipart type, otherwise one.
  static func all(of response: Response) throws -> [ResponsePart] {
    guard response.status == 206 else { throw Violation("\(response.status), not 206") }
    let type = response["Content-Type"] ?? ""
    guard type.lowercased().hasPrefix("multipart/byteranges") else {
      return [try part(response["Content-Range"], response.body[...])]
    }
    guard response["Content-Range"] == nil else {
      throw Violation("Content-Range outside the parts")
    }
    guard let match = type.firstMatch(of: #/boundary="?([^";]+)"?/#) else {
      throw Violation("Content-Type: \(type)")
    }
    return try parts(response.body, boundary: String(match.1))
  }

  private static func parts(_ body: [UInt8], boundary: String) throws -> [ResponsePart] {
    // The line break before a boundary belongs to the boundary; the first boundary may have none.
    let bytes = Data("\r\n".utf8) + Data(body)
    let delimiter = Data("\r\n--\(boundary)".utf8)
    var parts: [ResponsePart] = []
    guard var position = bytes.range(of: delimiter)?.upperBound else {
      throw Violation("no boundary in the content")
    }
    while !bytes[position...].starts(with: Data("--".utf8)) {
      guard bytes[position...].starts(with: Data("\r\n".utf8)),
        let headEnd = bytes.range(of: Data("\r\n\r\n".utf8), in: position..<bytes.endIndex),
        let next = bytes.range(of: delimiter, in: headEnd.upperBound..<bytes.endIndex)
      else { throw Violation("a part without an end") }
      let content = Array(bytes[headEnd.upperBound..<next.lowerBound])
      parts.append(try part(bytes[position..<headEnd.lowerBound], content[...]))
      position = next.upperBound
    }
    return parts
  }

  private static func part(_ head: Data, _ body: ArraySlice<UInt8>) throws -> ResponsePart {
    let text = String(decoding: head, as: UTF8.self)
    guard text.firstMatch(of: #/(?i)\r\ncontent-type:/#) != nil else {
      throw Violation("a part without Content-Type")
    }
    let field = text.firstMatch(of: #/(?i)\r\ncontent-range:[ \t]*([^\r\n]*)/#)
    return try part(field.map { String($0.1) }, body)
  }

  private static func part(_ field: String?, _ body: ArraySlice<UInt8>) throws -> ResponsePart {
    guard let match = field?.wholeMatch(of: #/bytes ([0-9]+)-([0-9]+)\/([0-9]+)/#),
      let first = Int(match.1), let last = Int(match.2), let size = Int(match.3),
      first <= last, last < size
    else { throw Violation("Content-Range: \(field ?? "(absent)")") }
    guard body.count == last - first + 1 else {
      throw Violation("\(body.count) bytes for Content-Range: \(field ?? "")")
    }
    return ResponsePart(range: first..<last + 1, size: size, body: body)
  }
}
