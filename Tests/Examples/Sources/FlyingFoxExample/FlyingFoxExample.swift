import FlyingFox
import Foundation
import StaticAssets

/// A server that there is no adapter for: the table is asked, and its answer handed on.
///
/// Usage: FlyingFoxExample ROOT PORT
@main
struct FlyingFoxExample {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let files = StaticFiles(assets: LiveTable(try FileTable.build(root: arguments[1])))
    let server = HTTPServer(port: UInt16(arguments[2]) ?? 8080)
    await server.appendRoute("/static/*", to: files)
    try await server.run()
  }
}

/// Answers from the files.
struct StaticFiles: HTTPHandler {
  let assets: LiveTable

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let table = assets.current
    let (method, target) = (request.method.rawValue, request.target.rawValue)
    guard var parsed = ParsedRequest(method: method, target: target) else {
      return HTTPResponse(statusCode: .badRequest)
    }
    for (header, value) in request.headers { parsed.add(header.rawValue, value) }
    guard let plan = table.plan(for: parsed.head, in: parsed.bytes.span) else {
      throw HTTPUnhandledError()
    }
    let response = PlainResponse(plan, of: table, to: parsed)
    let status = HTTPStatusCode(Int(plan.status.rawValue), phrase: "\(plan.status.reason)")
    var headers = HTTPHeaders()
    for field in response.fields { headers[HTTPHeader(field.name)] = field.value }
    let body = try Self.body(of: response, table)
    return HTTPResponse(statusCode: status, headers: headers, body: body)
  }

  /// The whole body, for FlyingFox takes one.
  private static func body(of response: PlainResponse, _ table: FileTable) throws -> Data {
    let file = try response.fileNumber.map { try table.openBody($0) }
    var body = Data()
    for piece in response.body {
      switch piece {
      case .memory(let slice): table.withBytes(of: slice) { $0.withUnsafeBytes { body += $0 } }
      case .bytes(let bytes): body += bytes
      case .file(_, let offset, let byteCount):
        var part = Data(count: Int(byteCount))
        try part.withUnsafeMutableBytes { try file?.read(into: $0, at: offset) }
        body += part
      }
    }
    return body
  }
}
