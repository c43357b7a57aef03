import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import StaticAssets
import StaticNIO

/// A temporary directory, removed with its owner.
final class Site: Sendable {
  let path: String

  init(_ files: [String: String]) throws {
    path = "\(NSTemporaryDirectory())/nio-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, content) in files { try write(content, to: name) }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func write(_ content: String, to name: String) throws {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    // In place, so that the inode stays the same.
    guard let handle = FileHandle(forWritingAtPath: file.path) else {
      try Data(content.utf8).write(to: file)
      return
    }
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: Data(content.utf8))
    try handle.close()
  }

  /// The files below `root`, at `/static/`; only bodies of up to 10 bytes are in memory.
  ///
  /// The page is `page.html`, the error pages are `404.html` and `503.html`.
  func assets() throws -> LiveTable {
    var options = FileTable.Options(bodyInMemoryMax: 10)
    options.fallbacks = [.init("\(path)/page.html")]
    options.errorPages = [
      .notFound: "\(path)/404.html", .serviceUnavailable: "\(path)/503.html",
    ]
    let mounts = [
      FileTable.Mount("\(path)/root", at: "/static/", kind: .collected),
      FileTable.Mount("\(path)/public", at: "/", kind: .public),
    ]
    return try LiveTable(mounts: mounts, options: options)
  }

  static func standard() throws -> Site {
    try Site([
      "root/app.css": "a{}", "root/large.bin": String(repeating: "x", count: 300_000),
      "public/robots.txt": "none", "page.html": "page", "404.html": "missing", "503.html": "later",
    ])
  }
}

/// The app: it answers paths below `/app/`, and missing files below `/static/`.
final class App: ChannelInboundHandler, Sendable {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  static let paths = ["/app/", "/static/route", "/static/app.css"]

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = Self.unwrapInboundIn(data), Self.paths.contains(head.uri) else {
      context.fireChannelRead(data)
      return
    }
    let own = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
    context.write(Self.wrapOutboundOut(.head(own)), promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}

/// A completely received response.
struct Answer {
  var head = HTTPResponseHead(version: .http1_1, status: .imATeapot)
  var body = ""
  var regionCount = 0
}

extension NIOAsyncTestingChannel {
  /// The response to a request without content.
  func ask(
    _ method: HTTPMethod,
    _ uri: String,
    _ fields: HTTPHeaders = [:]
  ) async throws -> Answer {
    var head = HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: fields)
    head.headers.add(name: "Host", value: "x")
    try await writeInbound(HTTPServerRequestPart.head(head))
    try await writeInbound(HTTPServerRequestPart.end(nil))
    var answer = Answer()
    while true {
      switch try await waitForOutboundWrite(as: HTTPServerResponsePart.self) {
      case .head(let head): answer.head = head
      case .body(.byteBuffer(let buffer)): answer.body += String(buffer: buffer)
      case .body(.fileRegion): answer.regionCount += 1
      case .end: return answer
      }
    }
  }

  static func with(_ handlers: @escaping @Sendable () -> [any ChannelHandler]) async throws
    -> NIOAsyncTestingChannel
  {
    try await NIOAsyncTestingChannel { channel in
      try channel.pipeline.syncOperations.addHandlers(handlers())
    }
  }
}
