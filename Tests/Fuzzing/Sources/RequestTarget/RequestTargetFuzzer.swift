import FuzzSupport
import Glibc

@testable import StaticAssets

/// Request targets against a small table: the response is a file of the root exactly if the decoded
/// path is its name, and nothing else is ever sent.
///
/// The input is a target; two more are derived from it, one that names a file exactly and one that
/// nearly does.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  withInput(start, count) { bytes in
    let input = bytes.array
    site.check(target: input)
    guard input.count > 2 else { return }
    let name = site.names[Int(input[0]) % site.names.count]
    var pieces = pieces(of: Array("/static/".utf8) + name, encodedBy: input)
    check(site.check(target: pieces.flatMap(\.self)) == .ok, "\(name) is not found as \(pieces)")
    let replacement = input.dropFirst(2).prefix(1 + Int(input[0]) / 100)
    pieces[Int(input[1]) % pieces.count] = Array(replacement)
    site.check(target: pieces.flatMap(\.self))
  }
}

/// The bytes of `path`, each literal or percent-encoded according to `choices`.
private func pieces(of path: [UInt8], encodedBy choices: [UInt8]) -> [[UInt8]] {
  path.enumerated().map { index, byte in
    let choice = choices[(index + 1) % choices.count]
    let isEncoded = index > 0 && (choice & 1 == 1 || byte == .space || byte == UInt8(ascii: "%"))
    guard isEncoded else { return [byte] }
    let digits = String(byte, radix: 16, uppercase: choice & 2 == 2)
    return Array((byte < 16 ? "%0" : "%").utf8) + digits.utf8
  }
}

private let site = Site()

/// A root with a few files, and the table of it.
private struct Site {
  private static let prefix = Array("/static/".utf8)
  private let table: FileTable
  private var contents: [[UInt8]: [UInt8]] = [:]
  /// All names with a URL, in a fixed order.
  let names: [[UInt8]]

  init() {
    var template = Array("/tmp/staticd-fuzz-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "cannot make a directory")
    let outer = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let root = outer + "/root"
    for name in ["", "/root", "/root/d", "/root/.well-known", "/root/.git"] {
      mkdir(outer + name, 0o755)
    }
    for name in ["a.css", "d/b.js", "d/\u{E9} %.txt", "index.html", "a%2fb", ".well-known/x"] {
      contents[Array(name.utf8)] = Array("content of \(name)".utf8)
      Self.write("content of \(name)", to: "\(root)/\(name)")
    }
    for name in ["secret", "root/.git/config", "root/.env", "root/staticfiles.json~"] {
      Self.write("secret", to: "\(outer)/\(name)")
    }
    contents[Array("staticfiles.json~".utf8)] = Array("secret".utf8)
    names = contents.keys.sorted { $0.lexicographicallyPrecedes($1) }
    precondition(symlink("../secret", root + "/link") == 0)
    table = try! FileTable(root: root)
    precondition(table.fileCount == contents.count, "\(table.fileCount) files: \(table.warnings)")
    for name in contents.keys { unlink("\(root)/\(String(decoding: name, as: UTF8.self))") }
    for name in ["secret", "root/.git/config", "root/.env", "root/link"] {
      unlink("\(outer)/\(name)")
    }
    for name in ["/root/d", "/root/.well-known", "/root/.git", "/root", ""] {
      precondition(rmdir(outer + name) == 0, "\(outer)\(name) is not empty")
    }
  }

  private static func write(_ text: String, to path: String) {
    let file = open(path, O_WRONLY | O_CREAT, 0o644)
    precondition(file >= 0, path)
    precondition(Glibc.write(file, text, text.utf8.count) == text.utf8.count)
    close(file)
  }

  /// Checks the response to a request for `target` and returns its status; nil if there is no
  /// response.
  @discardableResult
  func check(target: [UInt8]) -> ResponseStatus? {
    let request = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    var head = RequestHead()
    let outcome = RequestHeadParser.parse(request.span, limits: RequestLimits(), into: &head)
    // Bytes that are invalid in a target may end it early; then the requested path is unknown here.
    guard outcome == .complete, head.target.range == 4..<4 + target.count else { return nil }
    return check(head, request)
  }

  private func check(_ head: RequestHead, _ request: [UInt8]) -> ResponseStatus? {
    let path = Array(request[head.path.range])
    let decoded = Self.decoded(path)
    let isBelow = (decoded ?? path).starts(with: Self.prefix)
    let expected = decoded.flatMap { isBelow ? contents[Array($0.dropFirst(8))] : nil }
    guard let plan = table.plan(for: head, in: request.span) else {
      FuzzSupport.check(!isBelow, "left to others")
      return nil
    }
    FuzzSupport.check(isBelow, "answered for others")
    FuzzSupport.check(plan.status == (expected == nil ? .notFound : .ok), "\(plan.status)")
    if let expected {
      guard case .memory(let slice) = plan.body else { fatalError("\(plan.body)") }
      let body = table.withBytes(of: slice) { $0.array }
      FuzzSupport.check(body == expected, "another file's content")
    }
    return plan.status
  }

  /// `path` percent-decoded once; nil if it is malformed or encodes a NUL.
  private static func decoded(_ path: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = path[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        result.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), digits.allSatisfy(\.isASCII),
        let value = UInt8(digits, radix: 16), value != 0
      else { return nil }
      rest = rest.dropFirst(2)
      result.append(value)
    }
    return result
  }
}
