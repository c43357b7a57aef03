import TestSupport
import Testing

@testable import StaticAssets

/// A table whose files are still being listed.
///
/// Goal: requests that may be for a file wait; every other request is answered as by the complete
/// table.
@Suite struct PendingTableTests {
  private let root = TemporaryDirectory()
  private let site = TemporaryDirectory()
  private let pages = TemporaryDirectory()

  init() {
    root.write("file", to: "a.css")
    site.write("file", to: "robots.txt")
  }

  private func mounts(_ publicPrefix: String) -> [FileTable.Mount] {
    [
      FileTable.Mount(root.path, at: "/static/", kind: .collected),
      FileTable.Mount(site.path, at: publicPrefix, kind: .public),
    ]
  }

  private func options(_ change: (inout FileTable.Options) -> Void) -> FileTable.Options {
    var options = FileTable.Options()
    options.refusesAmbiguousPaths = true
    options.upstreamPaths = ["/", "/shop/"]
    options.appPaths = ["/static/api/", "/api/"]
    options.redirects = try! RedirectRules(
      Array("/old /new\n/forced /new 301!\n/api/old /new\n".utf8)
    )
    change(&options)
    return options
  }

  /// The response as text, or the owner of the request.
  private func answer(_ table: FileTable, _ target: String, _ method: String) throws -> String {
    let bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n".utf8)
    var head = RequestHead()
    try #require(RequestHeadParser.parse(bytes.span, limits: .init(), into: &head) == .complete)
    if let plan = table.plan(for: head, in: bytes.span) {
      let text = table.withBytes(of: plan.head.bytes) { span in
        String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
      }
      return "\(plan.status.rawValue) \(plan.body.byteCount) \(text)"
    }
    if table.isPending(head, in: bytes.span) { return "waits" }
    return table.upstream(for: head, in: bytes.span).map { "app \($0)" } ?? "nobody"
  }

  @Test(
    "waits for a file's path only",
    arguments: [
      ("/static/a.css", true), ("/static/none", true), ("/static/", true), ("/static", true),
      ("/%73tatic/a.css", true), ("/static/%zz", true), ("/static/api/x", false),
      ("/media/robots.txt", true), ("/media/%e2%82%ac", true), ("/mediate", false),
      ("/media", true),
      ("/", false), ("/page", false), ("/page?x=/static/a.css", false), ("/api/x", false),
      ("/api/old", false),
      ("/shop/cart", false), ("/old", true), ("/forced", true), ("/app/x", false),
      ("/x/../static/a.css", false), ("/static/../page", false), ("/%zz", false), ("*", false),
    ]
  )
  func owners(target: String, waits: Bool) throws {
    let page = pages.write("page", to: "index.html")
    let options = options { $0.fallbacks = [.init(page, at: "/app/")] }
    let pending = try FileTable(pending: mounts("/media/"), options: options)
    let whole = try FileTable(mounts: mounts("/media/"), options: options)
    #expect(pending.isPending && !whole.isPending)
    for method in target == "*" ? ["OPTIONS"] : ["GET", "HEAD", "POST", "OPTIONS"] {
      let (now, later) = (try answer(pending, target, method), try answer(whole, target, method))
      #expect(now == (waits ? "waits" : later), "\(method)")
      #expect(later != "waits")
    }
  }

  @Test(
    "files at the top: everything waits that is not the app's",
    arguments: [
      ("/", true), ("/page", true), ("/old", true), ("/forced", true), ("/shop/cart", true),
      ("/api/x", false), ("/static/api/x", false), ("/%zz", true), ("//", true),
    ]
  )
  func top(target: String, waits: Bool) throws {
    let options = options { _ in }
    let pending = try FileTable(pending: mounts("/"), options: options)
    let now = try answer(pending, target, "GET")
    let later = try answer(try FileTable(mounts: mounts("/"), options: options), target, "GET")
    #expect(now == (waits ? "waits" : later))
  }

  @Test("mistakes that need no file are the same errors")
  func mistakes() {
    let missing = pages.path("none.html")
    for change: (inout FileTable.Options) -> Void in [
      { $0.fallbacks = [.init(missing, at: "/app/")] }, { $0.errorPages = [.notFound: missing] },
      { $0.upstreamPaths = ["shop"] }, { $0.maxAge = .seconds(-1) },
    ] {
      let options = options(change)
      #expect(throws: AssetError.self) {
        try FileTable(pending: mounts("/media/"), options: options)
      }
    }
  }
}
