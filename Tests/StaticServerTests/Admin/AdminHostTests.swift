import Testing

@testable import StaticServer

/// The Host values allowed at a loopback address: addresses and `localhost`.
@Suite struct AdminHostTests {
  @Test(
    arguments: [
      ("127.0.0.1", true), ("127.0.0.1:9100", true), ("10.1.2.3:80", true), ("[::1]", true),
      ("[::1]:9100", true), ("[fe80::1]:1", true), ("localhost", true), ("LocalHost:9100", true),
      ("", false), ("evil.example", false), ("evil.example:9100", false), ("localhost.evil", false),
      ("127.0.0.1.evil.example", false), ("127.0.0", false), ("127.0.0.256", false),
      ("127.0.0.1x", false), ("127.0.0.1:x", false), ("127.0.0.1:80:80", false), ("[::1", false),
      ("[::1]x", false), ("[::g]", false), ("::1", false), ("[127.0.0.1]", false),
      ("0x7f.0.0.1", false), ("2130706433", false), ("localhost:80@evil.example", false),
    ]
  )
  func host(text: String, isAllowed: Bool) {
    #expect(AdminHost.isAllowed(text) == isAllowed)
  }
}
