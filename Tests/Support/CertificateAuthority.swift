/// A certificate authority of a test, and a certificate of `localhost` that it has signed:
/// `authority.pem`, `other.pem` of another authority, `site.pem` and `site.key`.
public struct CertificateAuthority {
  public let directory = TemporaryDirectory()

  public init() {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    for name in ["authority", "other"] {
      let files = ["-keyout", "\(name).key", "-out", "\(name).pem", "-subj", "/CN=\(name)"]
      openssl(["req", "-x509", "-days", "2"] + key + files)
    }
    openssl(["req"] + key + ["-keyout", "site.key", "-out", "site.csr", "-subj", "/CN=site"])
    directory.write("subjectAltName=DNS:localhost", to: "names")
    openssl(
      ["x509", "-req", "-in", "site.csr", "-days", "2", "-extfile", "names", "-out", "site.pem"]
        + ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial"]
    )
  }

  /// The path of one of the files.
  public func path(_ name: String) -> String { directory.path(name) }

  private func openssl(_ arguments: [String]) {
    let result = Command.run(["openssl"] + arguments, directory: directory.path)
    precondition(result.status == 0, result.errors)
  }
}
