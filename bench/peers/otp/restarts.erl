%% Measures the time from the kill of a child until its replacement answers a call.
-module(restarts).
-behaviour(supervisor).
-export([run/5]).
-export([init/1]).

%% Starts a new supervisor after Each restarts. OTP's supervisor walks a list of all restarts within
%% its period at every restart. A small Each keeps that cost out of the figures.
run(Count, Children, Gap, Named, Each) ->
    process_flag(trap_exit, true),
    {Samples, Elapsed} = series(Count, Children, Gap, Named, Each, [], 0),
    Sorted = list_to_tuple(lists:sort(Samples)),
    [percentile(0.5, Sorted), percentile(0.99, Sorted), Elapsed].

percentile(Part, Sorted) -> element(ceil(Part * tuple_size(Sorted)), Sorted).

series(0, _, _, _, _, Samples, Elapsed) ->
    {Samples, Elapsed};
series(Left, Children, Gap, Named, Each, Samples, Elapsed) ->
    Now = min(Left, Each),
    {ok, Supervisor} = supervisor:start_link(?MODULE, {self(), Children, Named}),
    Pids = maps:from_list([{Slot, first(Slot, Named)} || Slot <- lists:seq(1, Children)]),
    Begin = erlang:monotonic_time(),
    Killed = maps:map(fun(_, Pid) -> kill(Pid, Gap) end, Pids),
    More = loop(Now, Gap, Named, Killed, Samples),
    End = erlang:monotonic_time(),
    exit(Supervisor, shutdown),
    receive {'EXIT', Supervisor, _} -> ok end,
    forget_the_rest(),
    series(Left - Now, Children, Gap, Named, Each, More, Elapsed + nanoseconds(End - Begin)).

first(Slot, Named) ->
    receive
        {here_i_am, Slot, Pid} ->
            pong = ping(Pid, Named),
            Pid
    end.

loop(Left, Gap, Named, Killed, Samples) ->
    receive
        {here_i_am, Slot, Pid} ->
            pong = ping(Pid, Named),
            Sample = nanoseconds(erlang:monotonic_time() - map_get(Slot, Killed)),
            case Left of
                1 -> [Sample | Samples];
                _ -> loop(Left - 1, Gap, Named, Killed#{Slot := kill(Pid, Gap)}, [Sample | Samples])
            end
    end.

kill(Pid, 0) ->
    Now = erlang:monotonic_time(),
    exit(Pid, kill),
    Now;
kill(Pid, Gap) ->
    receive after Gap -> kill(Pid, 0) end.

ping(_, true) -> gen_server:call(worker, ping, infinity);
ping(Pid, false) -> gen_server:call(Pid, ping, infinity).

forget_the_rest() ->
    receive {here_i_am, _, _} -> forget_the_rest() after 0 -> ok end.

nanoseconds(Native) -> erlang:convert_time_unit(Native, native, nanosecond).

init({Driver, Children, Named}) ->
    {ok, {#{strategy => one_for_one, intensity => 1000000000, period => 5},
          [#{id => Slot, start => start_of(Driver, Slot, Named)} || Slot <- lists:seq(1, Children)]}}.

start_of(Driver, Slot, true) -> {ping_server, start_link, [worker, Driver, Slot]};
start_of(Driver, Slot, false) -> {ping_server, start_link, [Driver, Slot]}.
