import FuzzSupport

@testable import StaticAssets

/// Request heads: the outcome equals that of a naive parser, does not depend on how the bytes
/// arrive, and all ranges are inside the head.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    checkHead(bytes, RequestLimits())
    checkHead(bytes, RequestLimits(headBytesMax: 120, targetBytesMax: 20, fieldCountMax: 3))
    checkHead(bytes, RequestLimits(headBytesMax: 40, targetBytesMax: 60, fieldCountMax: 2))
  }
}

private func checkHead(_ bytes: Span<UInt8>, _ limits: RequestLimits) {
  var head = RequestHead()
  let outcome = RequestHeadParser.parse(bytes, limits: limits, into: &head)
  if outcome == .complete { checkSlices(head, bytes, limits) }
  let text = bytes.array
  let expected = NaiveRequestHead.read(text, limits)
  check(
    NaiveRequestHead.Outcome(ofParsing: text, limits) == expected,
    "\(outcome), naively \(expected)"
  )
  for count in 0..<bytes.count {
    var partHead = RequestHead()
    let part = bytes.extracting(first: count)
    let partOutcome = RequestHeadParser.parse(part, limits: limits, into: &partHead)
    guard partOutcome != .incomplete else {
      check(outcome != .complete || count < head.byteCount, "\(count): complete, not told")
      continue
    }
    check(partOutcome == outcome, "\(count): \(partOutcome), then \(outcome)")
    guard outcome == .complete else { continue }
    // Bytes after the head are not a part of it.
    check(count >= head.byteCount, "\(count): complete before its end")
    check(summary(partHead) == summary(head), "\(count): another head")
  }
}

private func checkSlices(_ head: RequestHead, _ bytes: Span<UInt8>, _ limits: RequestLimits) {
  check(head.byteCount <= bytes.count, "longer than what was given")
  check(head.byteCount <= limits.headBytesMax, "longer than its limit")
  check(head.target.count <= limits.targetBytesMax, "target longer than its limit")
  let end = bytes.array(head.byteCount - 4..<head.byteCount)
  check(end == Array("\r\n\r\n".utf8), "no empty line at the end")
  for slice in slices(head) {
    check(slice.range.upperBound <= head.byteCount, "a slice outside the head")
  }
  let target = head.target.range
  let path = head.path.range
  check(target.lowerBound <= path.lowerBound, "the path starts before the target")
  check(path.upperBound <= target.upperBound, "the path ends behind the target")
  check(head.requestLine.range.upperBound < head.fieldLines.range.lowerBound, "lines overlap")
  for field in fields(head) where !field.isEmpty {
    check(head.fieldLines.range.contains(field.range.lowerBound), "a value before the fields")
    check(field.range.upperBound < head.fieldLines.range.upperBound, "a value behind the fields")
  }
}

private func slices(_ head: RequestHead) -> [ByteSlice] {
  [head.requestLine, head.methodName, head.target, head.path, head.fieldLines] + fields(head)
}

private func fields(_ head: RequestHead) -> [ByteSlice] {
  [
    head.host, head.acceptEncoding, head.ifMatch, head.ifNoneMatch, head.ifModifiedSince,
    head.ifUnmodifiedSince, head.ifRange, head.range, head.referer, head.userAgent,
  ]
}

/// All values of a head.
private func summary(_ head: RequestHead) -> [Int] {
  let content =
    switch head.content {
    case .none: -1
    case .chunked: -2
    case .length(let count): Int(count)
    }
  return slices(head).flatMap { [Int($0.offset), Int($0.count)] } + [
    Int(head.method.rawValue), head.isVersion10 ? 1 : 0, head.keepsAlive ? 1 : 0, content,
    Int(head.present.rawValue), Int(head.repeated.rawValue), head.hasExpectation ? 1 : 0,
    head.byteCount,
  ]
}
