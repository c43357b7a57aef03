import FuzzSupport

@testable import StaticAssets

/// Content of requests: it equals that of a naive parser, however it is split into pieces.
///
/// The first byte of the input is a `Content-Length`, or `c` if the rest is chunked.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    guard bytes.count > 0 else { return }
    let isChunked = bytes[0] == UInt8(ascii: "c")
    let content = isChunked ? RequestContent.chunked : .length(Int64(bytes[0]))
    let text = bytes.array(1..<bytes.count)
    let expected = isChunked ? naiveChunks(text) : naiveLength(text, Int(bytes[0]))
    for pieceSize in [1, 2, 3, 7, max(1, text.count)] {
      let found = read(text, content, pieceSize)
      check(found == expected, "in pieces of \(pieceSize): \(found), naively \(expected)")
    }
    for byteCountMax in [0, 1, 5] { checkSkip(text, content, byteCountMax, expected) }
  }
}

/// The result of reading content.
struct Reading: Equatable {
  enum Outcome {
    case end, incomplete, malformed
  }

  var outcome = Outcome.incomplete
  var content: [UInt8] = []
  /// Bytes up to the end of the content; 0 for malformed content.
  var byteCount = 0
}

private func read(_ text: [UInt8], _ content: RequestContent, _ pieceSize: Int) -> Reading {
  var reader = ContentReader(content)
  var result = Reading()
  var start = 0
  repeat {
    let piece = Array(text[start..<min(start + pieceSize, text.count)])
    var position = 0
    result.outcome = read(piece, &reader, &position, &result.content)
    result.byteCount = start + position
    start += piece.count
    check(result.outcome != .incomplete || position == piece.count, "bytes are left")
  } while result.outcome == .incomplete && start < text.count
  check(reader.byteCount == result.content.count, "\(reader.byteCount) bytes of content counted")
  if result.outcome == .malformed { result.byteCount = 0 }
  return result
}

private func read(
  _ piece: [UInt8],
  _ reader: inout ContentReader,
  _ position: inout Int,
  _ content: inout [UInt8]
) -> Reading.Outcome {
  while true {
    let before = position
    let step = reader.next(piece.span, at: &position)
    check(position >= before && position <= piece.count, "moved from \(before) to \(position)")
    switch step {
    case .data(let range):
      check(!range.isEmpty && range.upperBound == position, "\(range) before \(position)")
      content += piece[range]
    case .end, .malformed:
      var again = position
      check(reader.next(piece.span, at: &again) == step && again == position, "it does not stay so")
      return step == .end ? .end : .malformed
    case .incomplete:
      return .incomplete
    }
  }
}

/// Checks that skipping agrees with reading, unless the content is too large.
private func checkSkip(
  _ text: [UInt8],
  _ content: RequestContent,
  _ byteCountMax: Int,
  _ expected: Reading
) {
  var reader = ContentReader(content)
  var position = 0
  let outcome = reader.skip(text.span, at: &position, byteCountMax: Int64(byteCountMax))
  let isTooLarge = expected.content.count > byteCountMax
  check((outcome == .tooLarge) == isTooLarge, "\(outcome) of \(expected.content.count) bytes")
  guard !isTooLarge else { return }
  switch expected.outcome {
  case .end: check(outcome == .end && position == expected.byteCount, "\(outcome), \(position)")
  case .incomplete: check(outcome == .incomplete, "\(outcome)")
  case .malformed: check(outcome == .malformed, "\(outcome)")
  }
}
