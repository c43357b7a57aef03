import FuzzSupport

@testable import StaticAssets

/// A file of redirects and, after a NUL, a request target: for any input, `Location` is one field
/// line, and its host is this one or one that the file names.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let parts = bytes.array.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let file = Array(parts[0])
    let rules: RedirectRules
    do throws(RedirectRules.Malformed) {
      rules = try RedirectRules(file)
    } catch {
      let lines = error.mistakes.map(\.line)
      let count = file.split(separator: 0x0A, omittingEmptySubsequences: false).count
      check(!lines.isEmpty && lines == lines.sorted(), "mistakes in lines \(lines)")
      check(lines.allSatisfy { (1...count).contains($0) }, "mistakes in lines \(lines)")
      return
    }
    guard parts.count > 1 else { return }
    var options = FileTable.Options()
    options.redirects = rules
    // Redirect cycles are rejected.
    guard let table = try? FileTable(mounts: [], options: options) else { return }
    let request = Array("GET ".utf8) + parts[1] + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(request.span, limits: RequestLimits(), into: &head)
    guard outcome == .complete,
      let plan = table.plan(for: head, in: request.span),
      case .redirect(let rule) = plan.completion
    else { return }
    let location = table.location(ofRedirect: rule, for: head, in: request.span)
    let text = String(decoding: location, as: UTF8.self)
    check(location.allSatisfy { (0x21...0x7E).contains($0) }, "Location: \(text)")
    if text.hasPrefix("/") {
      check(!text.hasPrefix("//") && !text.hasPrefix("/\\"), "Location: \(text)")
    } else {
      guard let end = text.firstRange(of: "://")?.upperBound else {
        return check(false, "Location: \(text)")
      }
      let origin = text[..<(text[end...].firstIndex { "/?#".contains($0) } ?? text.endIndex)]
      check(
        String(decoding: file, as: UTF8.self).contains(origin),
        "Location: \(text), not to a host of the file"
      )
    }
  }
}
