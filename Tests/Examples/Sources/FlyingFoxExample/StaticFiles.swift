import FlyingFox
import Foundation
import StaticAssets

/// Serves the files of the table.
struct StaticFiles: HTTPHandler {
  let assets: LiveTable

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    let table = assets.current
    let (method, target) = (request.method.rawValue, request.target.rawValue)
    guard var parsed = ParsedRequest(method: method, target: target) else {
      return HTTPResponse(statusCode: .badRequest)
    }
    for (header, value) in request.headers { parsed.add(header.rawValue, value) }
    let prepared = table.response(to: parsed) { PreparedResponse($0, of: table) }
    // `/static` and other paths that the route matches but the table does not serve.
    guard let prepared else { throw HTTPUnhandledError() }
    // A file that has changed since the table was built gets another response.
    let opened = try prepared.isStored ? table.open(prepared.plain, to: parsed) : nil
    let answer = opened.map { PreparedResponse($0.response, of: $0.table) } ?? prepared
    var headers = answer.headers
    headers[.date] = PlainResponse.date(at: Int64(Date().timeIntervalSince1970))
    // FlyingFox keeps a connection only on request, and does not announce that it closes it.
    let connection = request.headers[.connection]?.lowercased()
    if connection != "keep-alive" { headers[.connection] = "close" }
    let body = opened?.file.map { HTTPBodySequence(answer, $0) }
    return HTTPResponse(
      statusCode: answer.status,
      headers: headers,
      body: body ?? HTTPBodySequence(data: answer.data)
    )
  }
}

/// A response in FlyingFox's types, which the table keeps for the next request.
final class PreparedResponse: Sendable {
  let status: HTTPStatusCode
  let headers: HTTPHeaders
  /// The body, unless a part of it is in a file.
  let data: Data
  /// The body, if a part of it is in a file.
  let pieces: [BodyPiece]
  /// Whether a part of the body is in a file.
  let isStored: Bool
  /// The response it was made from.
  let plain: PlainResponse

  init(_ plain: PlainResponse, of table: FileTable) {
    self.plain = plain
    status = HTTPStatusCode(Int(plain.status.rawValue), phrase: "\(plain.status.reason)")
    var headers = HTTPHeaders()
    for field in plain.fields { headers[HTTPHeader(field.name)] = field.value }
    self.headers = headers
    let isStored = plain.body.contains { piece in
      if case .file = piece { true } else { false }
    }
    self.isStored = isStored
    pieces = isStored ? plain.body : []
    var data = Data()
    for piece in plain.body where !isStored {
      switch piece {
      case .memory(let slice): table.withBytes(of: slice) { $0.withUnsafeBytes { data += $0 } }
      case .bytes(let bytes): data += bytes
      case .file: break
      }
    }
    self.data = data
  }
}
