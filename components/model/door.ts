/** Image of the front door. */
export const DOOR_IMAGE = "haproxy:3.2-alpine";
/** Network between the server's front door and the sites. */
export const DOOR_NETWORK = "berth-door";
/** Container that publishes the ports of the front door. */
export const DOOR_SANDBOX = "berth-door-sandbox";
/** The ports of the front door, on all addresses of the server. */
export const DOOR_PORTS = [80, 443];
