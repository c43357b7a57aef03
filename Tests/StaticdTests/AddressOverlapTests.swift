import StaticServer
import Testing

@testable import staticd

/// Two addresses of one machine that refer to one socket.
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
      // `[::]` accepts IPv4, too.
      ("[::]:80", "127.0.0.1:80", true), ("[::]:80", "0.0.0.0:80", true),
      ("[::]:80", "10.0.0.1:80", true), ("[::]:80", "192.0.2.1:80", false),
      ("[::]:80", "127.0.0.1:81", false), ("[::1]:80", "0.0.0.0:80", false),
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

  @Test("[::] beside an IPv4 address with the same port is IPv6 only")
  func besideIPv4() throws {
    let listeners = [try ListenAddress("[::]:80"), try ListenAddress("127.0.0.2:80")]
    #expect(AddressOverlap.first(of: listeners, try ListenAddress("127.0.0.1:80")) == nil)
    #expect(AddressOverlap.first(of: listeners, try ListenAddress("[::1]:80")) == listeners[0])
    #expect(AddressOverlap.first(of: listeners, try ListenAddress("127.0.0.2:80")) == listeners[1])
    let other = [listeners[0], try ListenAddress("127.0.0.2:81")]
    #expect(AddressOverlap.first(of: other, try ListenAddress("127.0.0.1:80")) == other[0])
  }

  @Test("paths of one socket")
  func paths() throws {
    let found = AddressOverlap.first(
      of: [.unix(path: "/proc/self/a.sock")],
      .unix(path: "/proc/self/../self/a.sock")
    )
    #expect(found == .unix(path: "/proc/self/a.sock"))
  }
}
