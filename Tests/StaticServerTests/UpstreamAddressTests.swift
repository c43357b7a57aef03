import StaticServer
import Testing

/// Addresses of apps in options.
@Suite struct UpstreamAddressTests {
  @Test(
    "valid addresses, and how they are printed",
    arguments: [
      ("unix:/run/app.sock", .unix(path: "/run/app.sock"), "unix:/run/app.sock"),
      ("127.0.0.2:8000", .tcp(address: [127, 0, 0, 2], port: 8000), "127.0.0.2:8000"),
      (":1", .tcp(address: [127, 0, 0, 1], port: 1), "127.0.0.1:1"),
      ("localhost:65535", .tcp(address: [127, 0, 0, 1], port: 65535), "127.0.0.1:65535"),
      (
        "[::1]:80", .tcp(address: [UInt8](repeating: 0, count: 15) + [1], port: 80), "[::1]:80"
      ),
    ] as [(String, UpstreamAddress, String)]
  )
  func valid(text: String, address: UpstreamAddress, description: String) throws {
    #expect(try UpstreamAddress(text) == address)
    #expect(address.description == description)
  }

  @Test(
    "invalid addresses",
    arguments: [
      "", "app", "unix:", "fd:3", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "[::1]:0",
      "example.org:80", "http://127.0.0.1:80", "127.0.0.1:80/",
    ]
  )
  func invalid(text: String) {
    #expect(throws: ListenAddress.Malformed.self) { _ = try UpstreamAddress(text) }
  }
}
