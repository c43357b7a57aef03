import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOTLS
import StaticAssets
import StaticNIO
import Testing

/// The order in a pipeline: files, then the app, then the fallback.
@Suite struct OrderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let method: HTTPMethod
    let uri: String
    var accept = "*/*"
    let status: HTTPResponseStatus
    let body: String
    var testDescription: String { "\(method) \(uri) \(accept)" }
  }

  static let html = "text/html"

  static let rows: [Row] = [
    Row(method: .GET, uri: "/static/app.css", status: .ok, body: "a{}"),
    Row(method: .HEAD, uri: "/static/app.css", status: .ok, body: ""),
    Row(method: .GET, uri: "/robots.txt", status: .ok, body: "none"),
    // Answered by the app, although a directory or a file of the table has the name.
    Row(method: .GET, uri: "/app/", accept: html, status: .ok, body: ""),
    Row(method: .GET, uri: "/static/route", status: .ok, body: ""),
    Row(method: .POST, uri: "/static/app.css", status: .ok, body: ""),
    // Left to the fallback by the app.
    Row(method: .GET, uri: "/static/missing.css", status: .notFound, body: "missing"),
    Row(method: .POST, uri: "/robots.txt", status: .methodNotAllowed, body: "Method Not Allowed\n"),
    Row(method: .GET, uri: "/users/1", accept: html, status: .ok, body: "page"),
    Row(method: .GET, uri: "/users/1", status: .notFound, body: "missing"),
    Row(method: .HEAD, uri: "/users/1", status: .notFound, body: ""),
    Row(method: .GET, uri: "/missing.js", accept: html, status: .notFound, body: "missing"),
    Row(method: .OPTIONS, uri: "*", status: .noContent, body: ""),
    Row(method: .GET, uri: "no-slash", status: .badRequest, body: "Bad Request\n"),
  ]

  @Test(arguments: rows)
  func answers(row: Row) async throws {
    let site = try Site.standard()
    let assets = try site.assets()
    let channel = try await NIOAsyncTestingChannel.with {
      [StaticAssetsHandler(assets), App(), StaticFallbackHandler(assets)]
    }
    let answer = try await channel.ask(row.method, row.uri, ["Accept": row.accept])
    #expect(answer.head.status == row.status)
    #expect(answer.body == row.body)
  }
}

/// File regions, if they are enabled.
@Suite struct RegionTests {
  enum Circumstance: CaseIterable, Sendable {
    case byDefault, plain, afterHandshake, inOpenConnection
  }

  @Test(arguments: Circumstance.allCases)
  func areSentOverPlainTCPAlone(circumstance: Circumstance) async throws {
    let site = try Site.standard()
    let assets = try site.assets()
    let channel: NIOAsyncTestingChannel
    let make: @Sendable () -> [any ChannelHandler] = {
      circumstance == .byDefault
        ? [StaticAssetsHandler(assets)]
        : [StaticAssetsHandler(assets, sendingFilesAs: .regionsOverPlainTCP)]
    }
    if circumstance == .inOpenConnection {
      channel = NIOAsyncTestingChannel()
      try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
      try await channel.testingEventLoop.executeInContext {
        try channel.pipeline.syncOperations.addHandlers(make())
      }
    } else {
      channel = try await NIOAsyncTestingChannel.with(make)
    }
    if circumstance == .afterHandshake {
      try await channel.testingEventLoop.executeInContext {
        let event = TLSUserEvent.handshakeCompleted(negotiatedProtocol: nil)
        channel.pipeline.fireUserInboundEventTriggered(event)
      }
    }
    let answer = try await channel.ask(.GET, "/static/large.bin")
    #expect(answer.head.status == .ok)
    #expect(answer.regionCount == (circumstance == .plain ? 1 : 0))
    // The last byte of a region's file is read, to detect a changed file.
    #expect(answer.body.utf8.count == (circumstance == .plain ? 1 : 300_000))
  }

  @Test func aRewrittenFileIsAnsweredAnew() async throws {
    let site = try Site.standard()
    let assets = try site.assets()
    let channel = try await NIOAsyncTestingChannel.with { [StaticAssetsHandler(assets)] }
    let old = try await channel.ask(.HEAD, "/static/large.bin")
    try site.write("other content", to: "root/large.bin")
    let new = try await channel.ask(.GET, "/static/large.bin")
    #expect(new.body == "other content")
    #expect(new.head.headers["ETag"] != old.head.headers["ETag"])
  }
}

/// Responses of an app's own handler.
@Suite struct FallbackTests {
  /// Answers every request as `StaticFallback` does.
  final class Leaving: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let fallback: StaticFallback
    private let status: HTTPResponseStatus
    private var head: HTTPRequestHead?

    init(_ assets: LiveTable, _ status: HTTPResponseStatus) {
      fallback = StaticFallback(assets)
      self.status = status
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch Self.unwrapInboundIn(data) {
      case .head(let head): self.head = head
      case .body: break
      case .end:
        guard let head else { return }
        if status == .notFound {
          fallback.answer(head, in: context)
        } else {
          fallback.answer(head, with: status, in: context)
        }
      }
    }
  }

  struct Row: Sendable {
    let status: HTTPResponseStatus
    var method = HTTPMethod.GET
    var accept = "*/*"
    var answer: HTTPResponseStatus?
    let body: String
  }

  static let rows: [Row] = [
    Row(status: .notFound, accept: "text/html", answer: .ok, body: "page"),
    Row(status: .notFound, body: "missing"),
    Row(status: .serviceUnavailable, body: "later"),
    Row(status: .serviceUnavailable, method: .HEAD, body: ""),
    Row(status: .forbidden, body: "Forbidden\n"),
    // RFC 9110 §6.4.1: no content, or the next response would begin with it.
    Row(status: .noContent, body: ""),
    Row(status: .resetContent, body: ""),
    Row(status: .notModified, body: ""),
    Row(status: .custom(code: 799, reasonPhrase: "Odd"), body: "Odd\n"),
  ]

  @Test(arguments: rows)
  func answers(row: Row) async throws {
    let site = try Site.standard()
    let assets = try site.assets()
    let channel = try await NIOAsyncTestingChannel.with { [Leaving(assets, row.status)] }
    let answer = try await channel.ask(row.method, "/users", ["Accept": row.accept])
    #expect(answer.head.status.code == (row.answer ?? row.status).code)
    #expect(answer.body == row.body)
    #expect(answer.head.headers.contains(name: "Date"))
  }
}
