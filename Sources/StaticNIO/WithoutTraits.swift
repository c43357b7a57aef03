#if !NIO
  /// The handler is there with the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] for staticd")
  public struct StaticAssetsHandler {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }

  /// The handler is there with the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] to the dependency on staticd")
  public struct StaticFallbackHandler {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }

  /// The function is there with the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] to the dependency on staticd")
  public struct StaticFallback {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }
#endif

#if !NIOHTTPTypes
  /// The handler is there with the trait `NIOHTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"NIOHTTPTypes\"] to the dependency on staticd")
  public struct StaticAssetsHTTPTypesHandler {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }

  /// The handler is there with the trait `NIOHTTPTypes`.
  @available(*, unavailable, message: "add traits: [\"NIOHTTPTypes\"] to the dependency on staticd")
  public struct StaticFallbackHTTPTypesHandler {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }
#endif
