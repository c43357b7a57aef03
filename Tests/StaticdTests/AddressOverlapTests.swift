import StaticServer
import Testing

@testable import staticd

/// Two addresses of one machine that would be one socket.
@Suite struct AddressOverlapTests {
  @Test(
    "a server and its app",
    arguments: [
      ("127.0.0.1:80", "127.0.0.1:80", true), ("127.0.0.1:80", "127.0.0.1:81", false),
      ("127.0.0.1:80", "127.0.0.2:80", false), ("0.0.0.0:80", "127.0.0.1:80", true),
      ("0.0.0.0:80", "10.0.0.1:80", true), ("0.0.0.0:80", "192.0.2.1:80", false),
      ("10.0.0.1:80", "0.0.0.0:80", true), ("0.0.0.0:80", "0.0.0.0:80", true),
      ("localhost:80", "127.0.0.1:80", true), (":80", "localhost:80", true),
      ("[::]:80", "[::1]:80", true), ("[::1]:80", "[::]:80", true), ("[::]:80", "[::]:80", true),
      // The server's `[::]` is IPv6 alone, an app's may be both.
      ("[::]:80", "127.0.0.1:80", false), ("[::]:80", "0.0.0.0:80", false),
      ("0.0.0.0:80", "[::]:80", true), ("127.0.0.1:80", "[::]:80", true),
      ("0.0.0.0:80", "[::1]:80", false), ("127.0.0.1:80", "[::ffff:127.0.0.1]:80", true),
      ("[::]:80", "[2001:db8::1]:80", false), ("127.0.0.1:0", "127.0.0.1:0", false),
      ("unix:/a", "unix:/a", true), ("unix:/a", "unix:/b", false),
      ("unix:/a", "127.0.0.1:80", false), ("fd:3", "127.0.0.1:80", false),
    ] as [(String, String, Bool)]
  )
  func overlap(own: String, app: String, expected: Bool) throws {
    let exists = AddressOverlap.exists(try ListenAddress(own), try ListenAddress(app)) { host in
      host == [10, 0, 0, 1] || host.first == 127 || host == Array(repeating: 0, count: 15) + [1]
    }
    #expect(exists == expected)
  }

  @Test("paths that lead to one socket")
  func paths() throws {
    let found = AddressOverlap.first(
      of: [.unix(path: "/proc/self/a.sock")],
      .unix(path: "/proc/self/../self/a.sock")
    )
    #expect(found == .unix(path: "/proc/self/a.sock"))
  }
}
