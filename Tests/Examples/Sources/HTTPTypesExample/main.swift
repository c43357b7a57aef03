import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOPosix
import StaticAssets
import StaticHTTPTypes

typealias Connection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

/// A framework in a few lines: one task for each connection, requests and responses of
/// swift-http-types.
struct Framework {
  let responder: StaticResponder<ByteBuffer>

  func serve(_ connection: Connection) async {
    try? await connection.executeThenClose { requests, writer in
      var current: HTTPRequest?
      for try await part in requests {
        switch part {
        case .head(let head): current = head
        case .body: break
        case .end:
          guard let request = current else { return }
          guard try await answer(request, writer, connection.channel.eventLoop) else { return }
        }
      }
    }
  }

  /// Whether the connection goes on.
  private func answer(
    _ request: HTTPRequest,
    _ writer: NIOAsyncChannelOutboundWriter<HTTPResponsePart>,
    _ loop: any EventLoop
  ) async throws -> Bool {
    // Files first; then the routes of the framework, of which it has none; then what is left.
    let file = await responder.response(to: request)
    let response: StaticResponse<ByteBuffer>
    if let file { response = file } else { response = await responder.lastResponse(to: request) }
    var head = response.head
    head.headerFields[.date] = PlainResponse.dateNow
    // Behind a request that was refused, it is unknown where the next one begins.
    let goesOn = !request.wantsClose && ![400, 501].contains(head.status.code)
    if !goesOn { head.headerFields[.connection] = "close" }
    try await writer.write(.head(head))
    for try await buffer in response.body {
      try await writer.write(.body(buffer))
      // Until the loop has it: only then does the next write wait for a client that does not read.
      try await loop.submit {}.get()
    }
    try await writer.write(.end(nil))
    return goesOn
  }
}

// Usage: HTTPTypesExample ROOT PORT
let arguments = CommandLine.arguments
let assets = try LiveTable(root: arguments[1])
let framework = Framework(responder: StaticResponder(assets) { ByteBuffer(bytes: $0) })
let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .bind(host: "127.0.0.1", port: Int(arguments[2]) ?? 8080) { channel in
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.configureHTTPServerPipeline()
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      return try Connection(wrappingChannelSynchronously: channel)
    }
  }
try await withThrowingDiscardingTaskGroup { group in
  try await server.executeThenClose { connections in
    for try await connection in connections {
      group.addTask { await framework.serve(connection) }
    }
  }
}
