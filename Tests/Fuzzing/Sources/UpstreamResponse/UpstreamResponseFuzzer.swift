import FuzzSupport

@testable import StaticAssets
@testable import StaticServer

/// Responses of an app: heads parse as by a naive parser, no outcome depends on how much arrives at
/// once, and chunks and trailers are the same however they are split.
///
/// The first byte of the input decides whether the request was HEAD.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    guard bytes.count > 0 else { return }
    let isHead = bytes[0] == UInt8(ascii: "h")
    let text = bytes.array(1..<bytes.count)
    guard let head = checkedHead(text, isHead) else { return }
    checkAgainstNaive(head, text, isHead)
    if head.framing == .chunked { checkChunks(Array(text[head.byteCount...])) }
  }
}

/// The head of `text` if it is valid; the outcome is the same for every longer prefix.
private func checkedHead(_ text: [UInt8], _ isHead: Bool) -> UpstreamResponseHead? {
  var verdict = UpstreamResponseHead.Outcome.incomplete
  var result: UpstreamResponseHead?
  for count in 0...text.count {
    let part = Array(text[..<count])
    var head = UpstreamResponseHead()
    let outcome = UpstreamResponseHead.parse(part.span, isHead: isHead, into: &head)
    check(verdict == .incomplete || outcome == verdict, "\(verdict), with more \(outcome)")
    if outcome == .complete {
      check(result == nil || result?.byteCount == head.byteCount, "another length with more")
      check(verdict == .complete || head.byteCount == count, "known only later")
      result = head
    }
    verdict = outcome
  }
  return result
}

/// Checks the head against splitting it into lines.
private func checkAgainstNaive(_ head: UpstreamResponseHead, _ text: [UInt8], _ isHead: Bool) {
  let bytes = Array(text[..<head.byteCount])
  for (index, byte) in bytes.enumerated() {
    switch byte {
    case 0x0D: check(bytes[index + 1] == 0x0A, "a bare CR")
    case 0x0A: check(bytes[index - 1] == 0x0D, "a bare LF")
    case 0x09, 0x20...0x7E, 0x80...0xFF: break
    default: check(false, "a control character")
    }
  }
  let lines = String(bytes.latin1).split(separator: "\r\n", omittingEmptySubsequences: false)
  check(lines.suffix(2) == ["", ""] && !lines.dropLast(2).contains(""), "it has another end")
  let first = Array(lines[0])
  check(first.starts(with: Array("HTTP/1.")) && first.count >= 12, "\(lines[0])")
  check(UInt16(String(first[9..<12])) == head.status && (100...599) ~= head.status, "\(lines[0])")
  var values: [String: [String]] = [:]
  for line in lines.dropFirst().dropLast(2) {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    check(parts.count == 2 && !parts[0].isEmpty && !parts[0].contains { $0 == " " }, "\(line)")
    values[parts[0].lowercased(), default: []].append(trimmed(parts[1]))
  }
  checkFraming(head, values, isVersion10: first[7] == "0", isHead)
}

private func trimmed(_ text: Substring) -> String {
  let isSpace = { (character: Character) in character == " " || character == "\t" }
  let start = text.drop(while: isSpace)
  return String(start.reversed().drop(while: isSpace).reversed())
}

private func checkFraming(
  _ head: UpstreamResponseHead,
  _ values: [String: [String]],
  isVersion10: Bool,
  _ isHead: Bool
) {
  let lengths = values["content-length"] ?? []
  let codings = values["transfer-encoding"] ?? []
  check(lengths.count + codings.count <= 1, "two framings: \(values)")
  check(codings.allSatisfy { $0.lowercased() == "chunked" }, "\(codings)")
  check(codings.isEmpty || !isVersion10, "chunks in HTTP/1.0")
  let length = lengths.first.flatMap { Int64($0) }
  check((length == nil) == lengths.isEmpty && length == head.contentLength, "\(lengths)")
  let expected: UpstreamResponseHead.Framing =
    if isHead || head.status < 200 || head.status == 204 || head.status == 304 {
      .empty
    } else if !codings.isEmpty {
      .chunked
    } else if let length {
      length == 0 ? .empty : .length(length)
    } else {
      .untilClose
    }
  check(head.framing == expected, "\(head.framing), naively \(expected)")
  let options = (values["connection"] ?? []).flatMap { $0.split(separator: ",") }
    .map { trimmed($0).lowercased() }
  let asks = !options.contains("close") && (!isVersion10 || options.contains("keep-alive"))
  let hasNoContent = isHead || head.status == 204 || head.status == 304
  let isClear = hasNoContent ? length == 0 : expected != .untilClose
  let isReused = ReusePolicy.mayReuse(head.ending, ReusePolicy.Outcome())
  check(isReused == (asks && isClear), "it is used again: \(isReused)")
}

/// Checks that content and trailers are the same in one piece and in several.
private func checkChunks(_ text: [UInt8]) {
  let expected = read(text, text.count)
  for size in [1, 2, 3, 7] {
    let found = read(text, size)
    check(found == expected, "in pieces of \(size): \(found), whole \(expected)")
  }
  guard expected.isWhole else { return }
  var fields = FieldLineReader(at: 0)
  while true {
    switch fields.next(expected.trailers.span) {
    case .line: continue
    case .end: check(fields.position == expected.trailers.count, "trailers have another end")
    case .incomplete, .malformed: check(false, "trailers that are none")
    }
    return
  }
}

/// The result of reading chunks.
private struct Chunks: Equatable {
  var content: [UInt8] = []
  var trailers: [UInt8] = []
  var isWhole = false
  var isMalformed = false
}

private func read(_ text: [UInt8], _ pieceSize: Int) -> Chunks {
  var reader = ChunkReader()
  var result = Chunks()
  var start = 0
  while start < text.count, !result.isWhole, !result.isMalformed {
    let piece = Array(text[start..<min(start + max(1, pieceSize), text.count)])
    start += piece.count
    var position = 0
    piece: while true {
      let byteCount = reader.trailerByteCount
      let step = reader.next(piece.span, at: &position)
      switch step {
      case .data(let range): result.content += piece[range]
      case .malformed: result.isMalformed = true
      case .end, .incomplete:
        result.trailers += piece[(position - (reader.trailerByteCount - byteCount))..<position]
        result.isWhole = step == .end
      }
      guard case .data = step else { break piece }
    }
  }
  if result.isMalformed { result.trailers = [] }
  return result
}
