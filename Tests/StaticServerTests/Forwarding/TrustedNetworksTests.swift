import Testing

@testable import StaticServer

/// Addresses and networks in the notations of people and proxies.
@Suite struct TrustedNetworksTests {
  @Test(
    "addresses inside and outside of networks",
    arguments: [
      ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
      ("10.0.0.0/8", "9.255.255.255", false), ("0.0.0.0/0", "255.255.255.255", true),
      ("0.0.0.0/0", "::1", false), ("::/0", "::1", true), ("192.168.1.1", "192.168.1.1", true),
      ("192.168.1.1", "192.168.1.2", false), ("192.168.1.0/31", "192.168.1.1", true),
      ("192.168.1.0/31", "192.168.1.2", false), ("fd00::/8", "fdff::1", true),
      ("fd00::/8", "fe00::1", false), ("2001:db8::/64", "2001:db8::ffff:1", true),
      ("2001:db8::/64", "2001:db8:0:1::", false), ("2001:db8::/65", "2001:db8::7fff:0:0:1", true),
      ("2001:db8::/65", "2001:db8::8000:0:0:1", false), ("::1", "::1", true), ("::1", "::2", false),
      ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.1", "10.0.0.1", true),
    ]
  )
  func contains(network: String, address: String, expected: Bool) throws {
    var networks = TrustedNetworks()
    try networks.add(network)
    let peer = try #require(PeerAddress(address))
    #expect(networks.contains(peer) == expected)
    #expect(!networks.contains(PeerAddress()))
  }

  @Test(
    "invalid networks",
    arguments: [
      "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
      "10.0.0.1/8",
      "::1/64", "::/129", "10.0.0/8", "example.com", "10.0.0.0/ 8", " 10.0.0.0/8", "unix",
      "256.0.0.0/8",
      "10.0.0.0/x",
    ]
  )
  func malformed(text: String) {
    var networks = TrustedNetworks()
    #expect(throws: TrustedNetworks.Malformed.self) { try networks.add(text) }
    #expect(networks.isEmpty)
  }

  @Test(
    "invalid addresses",
    arguments: [
      "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.4 ", ":", ":::", "1::2::3",
      "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1.2.3",
      "1.2.3.4::", "::1:", "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "fe80::1%eth0", "1:2:3:4:5:6:7:",
    ]
  )
  func noAddress(text: String) {
    #expect(PeerAddress(text) == nil)
  }
}
