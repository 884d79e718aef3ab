package io.vaultferry.bitwarden.client;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Where an address leads, as far as the outbound guard cares. Ranges from the IANA special-purpose registries. */
enum AddressRange {
    /** The internet. */
    PUBLIC,
    /** This machine, a network of one's own, or one that is nobody's: only with the operator's word. */
    NOT_PUBLIC,
    /** No server is there, but maybe a cloud's metadata with credentials: link-local, multicast, reserved. */
    NEVER;

    /** Amazon's metadata service, in a range that is otherwise for networks of one's own. */
    private static final byte[] METADATA = {
        (byte) 0xfd, 0x00, 0x0e, (byte) 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54
    };

    static AddressRange of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? ofIpv4(bytes) : ofIpv6(bytes);
    }

    private static AddressRange ofIpv4(byte[] address) {
        int first = address[0] & 0xff;
        int second = address[1] & 0xff;
        int third = address[2] & 0xff;
        if (first == 0 || (first == 169 && second == 254) || first >= 224) {
            return NEVER;
        }
        boolean ownNetwork = first == 10
                || first == 127
                || (first == 172 && second >= 16 && second <= 31)
                || (first == 192 && second == 168)
                || (first == 100 && second >= 64 && second <= 127);
        boolean nobodys = (first == 192 && second == 0 && (third == 0 || third == 2))
                || (first == 192 && second == 88 && third == 99)
                || (first == 198 && (second == 18 || second == 19))
                || (first == 198 && second == 51 && third == 100)
                || (first == 203 && second == 0 && third == 113);
        return ownNetwork || nobodys ? NOT_PUBLIC : PUBLIC;
    }

    private static AddressRange ofIpv6(byte[] address) {
        int first = address[0] & 0xff;
        int second = address[1] & 0xff;
        if (first == 0xff || (first == 0xfe && (second & 0xc0) == 0x80) || Arrays.equals(address, METADATA)) {
            return NEVER;
        }
        if (isZero(address, 0, 12)) {
            boolean loopback = isZero(address, 12, 15) && address[15] == 1;
            return loopback ? NOT_PUBLIC : ofIpv4(Arrays.copyOfRange(address, 12, 16));
        }
        if (isZero(address, 0, 10) && (address[10] & 0xff) == 0xff && (address[11] & 0xff) == 0xff) {
            return ofIpv4(Arrays.copyOfRange(address, 12, 16));
        }
        if (first == 0x00 && second == 0x64 && address[2] == (byte) 0xff && address[3] == (byte) 0x9b) {
            // NAT64: 64:ff9b::/96 leads to the IPv4 address at its end.
            return isZero(address, 4, 12) ? ofIpv4(Arrays.copyOfRange(address, 12, 16)) : NOT_PUBLIC;
        }
        if (first == 0x20 && second == 0x02) {
            // 6to4: 2002:<IPv4 address>::/48
            return ofIpv4(Arrays.copyOfRange(address, 2, 6));
        }
        if (first == 0x20 && second == 0x01 && isZero(address, 2, 4)) {
            // Teredo: the IPv4 address at the end, inverted.
            byte[] embedded = Arrays.copyOfRange(address, 12, 16);
            for (int i = 0; i < embedded.length; i++) {
                embedded[i] = (byte) ~embedded[i];
            }
            return ofIpv4(embedded);
        }
        boolean documentation = first == 0x20 && second == 0x01 && address[2] == 0x0d && address[3] == (byte) 0xb8;
        boolean globalUnicast = (first & 0xe0) == 0x20;
        return globalUnicast && !documentation ? PUBLIC : NOT_PUBLIC;
    }

    private static boolean isZero(byte[] address, int from, int to) {
        for (int i = from; i < to; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
