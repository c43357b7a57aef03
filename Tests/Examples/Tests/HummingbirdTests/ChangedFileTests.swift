import HTTPTypes
import Hummingbird
import NIOCore
import StaticAssets
import StaticHummingbird
import Testing

/// Files that are rewritten while they are served.
///
/// Goal: an entity tag is never sent with other bytes than its own.
@Suite struct ChangedFileTests {
  private let directory = Directory()
  private let byteCount = 3 << 20

  private func text(_ character: Character) -> String {
    String(repeating: character, count: byteCount)
  }

  private func asker() throws -> Asker {
    directory.write(text("a"), to: "root/large.bin")
    let router = Router()
    router.middlewares.add(
      StaticAssetsMiddleware(try LiveTable(root: "\(directory.path)/root"))
    )
    return Asker(router)
  }

  @Test("a file rewritten since the table was built is sent with its own tag")
  func before() async throws {
    let asker = try asker()
    let first = try await asker.ask("GET", "/static/large.bin")
    #expect(first.status == 200 && first.body == text("a"))
    directory.write(text("b"), to: "root/large.bin")
    let second = try await asker.ask("GET", "/static/large.bin")
    #expect(second.status == 200 && second.body == text("b"))
    #expect(first.headers[.eTag] != nil && first.headers[.eTag] != second.headers[.eTag])
    let range: HTTPFields = [.range: "bytes=0-9", .ifRange: first.headers[.eTag] ?? ""]
    let part = try await asker.ask("GET", "/static/large.bin", range)
    #expect(part.status == 200 && part.body == text("b"))
  }

  @Test("a file rewritten while it is sent is not sent to its end")
  func meanwhile() async throws {
    let asker = try asker()
    let (response, _) = try await asker.begin("GET", "/static/large.bin")
    let directory = directory
    let other = text("b")
    let writer = Collector { directory.write(other, to: "root/large.bin") }
    await #expect(throws: FileError.self) { try await response.body.write(writer) }
    let sent = String(buffer: writer.bytes.withLock { $0 })
    #expect(sent.utf8.count < byteCount && sent.allSatisfy { $0 == "a" })
  }
}
