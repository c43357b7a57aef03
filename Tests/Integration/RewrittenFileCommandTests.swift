import Foundation
import TestSupport
import Testing

/// Large files that are rewritten in place while `staticd serve` serves them.
@Suite struct RewrittenFileCommandTests {
  private let site = TemporaryDirectory()

  /// How the site is served.
  enum Way: String, CaseIterable, Sendable {
    case collected, `public`, live

    func arguments(_ path: String) -> [String] {
      switch self {
      case .collected: ["--root", path, "--url", "/files/"]
      case .public: ["--public", "/files/=\(path)"]
      case .live: ["--live", "/files/=\(path)"]
      }
    }
  }

  @Test("the entity tag changes with the bytes", arguments: Way.allCases)
  func tags(way: Way) throws {
    let path = site.write([UInt8](repeating: 1, count: 500_000), to: "root/a.bin")
    let server = RunningServer(way.arguments(site.path("root")))
    let client = HTTPClient(port: server.port)
    let first = try #require(client.get("/files/a.bin"))
    #expect(first.status == 200 && first.body.allSatisfy { $0 == 1 })
    let tag = try #require(first["ETag"])
    for value in UInt8(2)...4 {
      let file = open(path, O_WRONLY | O_CLOEXEC)
      let bytes = [UInt8](repeating: value, count: 500_000)
      precondition(
        bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == bytes.count
      )
      // A different time, whatever the granularity of file times is.
      let times = [timespec](
        repeating: timespec(tv_sec: 1_700_000_000 + Int(value), tv_nsec: 0),
        count: 2
      )
      precondition(futimens(file, times) == 0)
      close(file)
      let answer = try #require(client.get("/files/a.bin"))
      #expect(answer.status == 200)
      #expect(answer.body == bytes)
      #expect(answer["ETag"] != tag)
      let part = try #require(client.get("/files/a.bin", "Range: bytes=0-9", "If-Range: \(tag)"))
      #expect(part.status == 200 && part.body == bytes)
      let unchanged = try #require(client.get("/files/a.bin", "If-Match: \(tag)"))
      #expect(unchanged.status == 412 || unchanged["ETag"] != tag)
    }
  }
}
