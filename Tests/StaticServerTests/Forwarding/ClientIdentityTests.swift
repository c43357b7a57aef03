import StaticAssets
import Testing

@testable import StaticServer

/// The client's address, and the X-Forwarded-For, X-Real-IP and Forwarded fields for the app.
///
/// Goal: whatever a client sends, an app that takes the first or the last address gets one that a
/// trusted proxy has seen; with `--forwarded-for chain` the chain is complete.
@Suite struct ClientIdentityTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let trusted: [String]
    let peer: String?
    let fields: [String]
    /// The client's address; nil if it is unknown.
    let client: String?
    /// X-Forwarded-For as a chain.
    let chain: String?
    var testDescription: String { "\(fields) from \(peer ?? "unix")" }

    init(
      _ fields: [String],
      _ client: String?,
      _ chain: String?,
      from peer: String? = "10.1.1.1",
      trusted: [String] = ["10.0.0.0/8"]
    ) {
      self.fields = fields
      self.client = client
      self.chain = chain
      self.peer = peer
      self.trusted = trusted
    }
  }

  static let rows = [
    // The peer only.
    Row([], "10.1.1.1", "10.1.1.1"),
    Row(["X-Forwarded-For:"], "10.1.1.1", "10.1.1.1"),
    // The last address that is not a proxy's; addresses before it are forgeable by clients.
    Row(["X-Forwarded-For: 9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["X-Forwarded-For: 6.6.6.6, 9.9.9.9"], "9.9.9.9", "6.6.6.6, 9.9.9.9, 10.1.1.1"),
    Row(
      ["X-Forwarded-For: 6.6.6.6, 9.9.9.9", "X-Forwarded-For: 10.2.2.2"],
      "9.9.9.9",
      "6.6.6.6, 9.9.9.9, 10.2.2.2, 10.1.1.1"
    ),
    Row(["X-Forwarded-For: 10.9.9.9, 9.9.9.9"], "9.9.9.9", "10.9.9.9, 9.9.9.9, 10.1.1.1"),
    // Only proxies: the farthest.
    Row(["X-Forwarded-For: 10.3.3.3,,10.2.2.2"], "10.3.3.3", "10.3.3.3,,10.2.2.2, 10.1.1.1"),
    // An invalid address hides those before it.
    Row(
      ["X-Forwarded-For: 6.6.6.6, unknown, 10.2.2.2"],
      "10.2.2.2",
      "6.6.6.6, unknown, 10.2.2.2, 10.1.1.1"
    ),
    Row(["X-Forwarded-For: unknown"], "10.1.1.1", "unknown, 10.1.1.1"),
    Row(["X-Forwarded-For: 6.6.6.6, evil"], "10.1.1.1", "6.6.6.6, evil, 10.1.1.1"),
    // Ports, brackets, notations.
    Row(["X-Forwarded-For: 9.9.9.9:1234"], "9.9.9.9", "9.9.9.9:1234, 10.1.1.1"),
    Row(
      ["X-Forwarded-For: [2001:DB8::0:1]:443"],
      "2001:db8::1",
      "[2001:DB8::0:1]:443, fd00::1",
      from: "fd00::1",
      trusted: ["fd00::/8"]
    ),
    Row(["X-Forwarded-For: ::ffff:9.9.9.9"], "9.9.9.9", "::ffff:9.9.9.9, 10.1.1.1"),
    // X-Forwarded-For, then Forwarded, then X-Real-IP.
    Row(["X-Real-IP: 9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["X-Real-IP: evil"], "10.1.1.1", "10.1.1.1"),
    Row(["X-Real-IP: 6.6.6.6", "X-Forwarded-For: 9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["Forwarded: for=9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["X-Real-IP: 6.6.6.6", "Forwarded: for=9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["Forwarded: for=6.6.6.6", "X-Forwarded-For: 9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["Forwarded: for=6.6.6.6, for=9.9.9.9"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(["Forwarded: for=9.9.9.9, for=10.2.2.2;by=x"], "9.9.9.9", "9.9.9.9, 10.1.1.1"),
    Row(
      ["Forwarded: for=6.6.6.6", "Forwarded: For=\"9.9.9.9:80\""],
      "9.9.9.9",
      "9.9.9.9, 10.1.1.1"
    ),
    Row(["Forwarded: for=6.6.6.6, for=_hidden"], "10.1.1.1", "10.1.1.1"),
    Row(["Forwarded: for=6.6.6.6, proto=https"], "10.1.1.1", "10.1.1.1"),
    // A client that opens a quoted string hides its own address, but cannot forge another.
    Row(["Forwarded: for=\"6.6.6.6, for=9.9.9.9"], "10.1.1.1", "10.1.1.1"),
    Row(["Forwarded: for=6.6.6.6;x=\", for=9.9.9.9"], "10.1.1.1", "10.1.1.1"),
    // An untrusted peer.
    Row(
      ["X-Forwarded-For: 6.6.6.6", "X-Real-IP: 6.6.6.6"],
      "11.1.1.1",
      "11.1.1.1",
      from: "11.1.1.1"
    ),
    Row(["Forwarded: for=6.6.6.6"], "11.1.1.1", "11.1.1.1", from: "11.1.1.1"),
    // The peer of a Unix socket is in no network; it is trusted only without configured networks.
    Row(["X-Forwarded-For: 6.6.6.6"], nil, nil, from: nil, trusted: ["0.0.0.0/0", "::/0"]),
    Row(
      ["X-Forwarded-For: 6.6.6.6, 8.8.8.8"],
      "8.8.8.8",
      "6.6.6.6, 8.8.8.8",
      from: nil,
      trusted: []
    ),
    Row(["X-Forwarded-For: unknown"], nil, "unknown", from: nil, trusted: []),
    Row(
      ["X-Forwarded-For: 6.6.6.6, 9.9.9.9"],
      "9.9.9.9",
      "6.6.6.6, 9.9.9.9, 10.1.1.1",
      trusted: []
    ),
  ]

  @Test("the client, alone and at the end of the chain", arguments: rows)
  func client(row: Row) throws {
    var networks = TrustedNetworks()
    for text in row.trusted { try networks.add(text) }
    let trust = networks.isEmpty ? ForwardingTrust.everyone : .networks(networks)
    let request =
      "GET / HTTP/1.1\r\nHost: x\r\n" + row.fields.map { $0 + "\r\n" }.joined() + "\r\n"
    let alone = try ForwardedHead.forward(request, from: row.peer, trust: trust)
    #expect(alone["x-forwarded-for"] == row.client)
    #expect(alone["x-real-ip"] == row.client)
    let chain = try ForwardedHead.forward(
      request,
      from: row.peer,
      trust: trust,
      forwardedFor: .chain
    )
    #expect(chain["x-forwarded-for"] == row.chain)
    #expect(chain["x-real-ip"] == row.client)
  }

  @Test(
    "a platform's router, which appends to a list that the client may have sent",
    arguments: ForwardingPlatform.allCases
  )
  func platform(platform: ForwardingPlatform) throws {
    let named = [
      ForwardingPlatform.fly: "Fly-Client-IP", .render: "CF-Connecting-IP", .railway: "X-Real-IP",
      .appEngine: "X-AppEngine-User-IP",
    ]
    let field = named[platform].map { "\($0): 9.9.9.9" } ?? "X-Forwarded-For: 6.6.6.6, 9.9.9.9"
    let head = try ForwardedHead.forward(
      "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\n\(field)\r\n\r\n",
      from: "10.1.1.1",
      trust: .platform(platform)
    )
    #expect(head["x-forwarded-for"] == "9.9.9.9")
    #expect(head["x-real-ip"] == "9.9.9.9")
  }

  @Test(
    "Forwarded follows the same rule, and is sent only if a trusted proxy sent it",
    arguments: [
      ([], nil, nil),
      (
        ["Forwarded: for=6.6.6.6, for=9.9.9.9;proto=https"],
        "for=9.9.9.9;host=\"a.b:81\";proto=https",
        "for=6.6.6.6, for=9.9.9.9;proto=https, for=10.1.1.1;proto=http"
      ),
      (
        ["Forwarded: for=\"[2001:DB8::1]\"", "Forwarded: host=c.d;for=unknown"],
        "for=10.1.1.1;host=\"c.d\";proto=http",
        "for=\"[2001:DB8::1]\", host=c.d;for=unknown, for=10.1.1.1;proto=http"
      ),
      (
        ["Forwarded: for=\"[2001:DB8:0::1]:80\""],
        "for=\"[2001:db8::1]\";host=\"a.b:81\";proto=http",
        "for=\"[2001:DB8:0::1]:80\", for=10.1.1.1;proto=http"
      ),
      // Malformed: it would consume the following element.
      (
        ["Forwarded: for=\"6.6.6.6"], "for=10.1.1.1;host=\"a.b:81\";proto=http",
        "for=10.1.1.1;proto=http"
      ),
      (
        ["Forwarded: for=6.6.6.6", "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Proto: https"],
        "for=9.9.9.9;host=\"a.b:81\";proto=https", "for=6.6.6.6, for=10.1.1.1;proto=http"
      ),
    ] as [([String], String?, String?)]
  )
  func forwarded(fields: [String], client: String?, chain: String?) throws {
    let request =
      "GET / HTTP/1.1\r\nHost: a.b:81\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
    let alone = try ForwardedHead.forward(request, from: "10.1.1.1", trust: .everyone)
    #expect(alone["forwarded"] == client)
    let all = try ForwardedHead.forward(
      request,
      from: "10.1.1.1",
      trust: .everyone,
      forwardedFor: .chain
    )
    #expect(all["forwarded"] == chain)
    let stranger = try ForwardedHead.forward(request, forwardedFor: .chain)
    #expect(stranger.values("forwarded").isEmpty)
  }

  @Test("Forwarded without a host and an address")
  func nothingKnown() throws {
    let head = try ForwardedHead.forward(
      "GET / HTTP/1.1\r\nHost:\r\nForwarded: proto=https\r\n\r\n",
      from: nil,
      trust: .everyone
    )
    #expect(head["forwarded"] == "for=unknown;proto=https")
  }
}
